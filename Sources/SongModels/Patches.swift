/// Cuts sound, given frame by frame, into the patches that a network hears.
struct Patches {
  /// Frames of a patch.
  let length: Int
  /// Frames from the beginning of a patch to that of the next.
  let hop: Int
  /// The values of a frame.
  let width: Int

  /// The patches of one excerpt, each `length` × `width` values. What is left behind the last whole patch is not heard,
  /// unless the excerpt is shorter than a patch, which is then filled by repetition; none of no sound.
  func patches(of values: [Float]) -> [[Float]] {
    let size = length * width
    guard values.count >= size else {
      return values.isEmpty ? [] : [(0..<size).map { values[$0 % values.count] }]
    }
    return stride(from: 0, through: values.count - size, by: hop * width).map { Array(values[$0..<$0 + size]) }
  }

  /// The mean of vectors of a length, at least one, summed in their order in double precision.
  static func mean(of vectors: [[Float]]) -> [Float] {
    vectors[0].indices.map { column in
      Float(vectors.reduce(0.0) { $0 + Double($1[column]) } / Double(vectors.count))
    }
  }
}
