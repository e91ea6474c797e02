/// The bands of a spectrogram averaged into fewer, wider ones.
struct BandAverages {
  let bandCount: Int
  /// frames × `bandCount`.
  let values: [Float]

  var frameCount: Int { values.count / bandCount }

  /// The mean decibels of each `width` neighbouring bands.
  ///
  /// - Parameter decibels: frames × (`bandCount` · `width`).
  init(of decibels: [Float], width: Int, bandCount: Int) {
    precondition(
      decibels.count.isMultiple(of: width * bandCount),
      "\(decibels.count) values are not frames of \(bandCount) × \(width) bands")
    self.bandCount = bandCount
    values = [Float](unsafeUninitializedCapacity: decibels.count / width) { output, count in
      count = decibels.count / width
      decibels.withUnsafeBufferPointer { decibels in
        for index in 0..<count {
          var sum: Float = 0
          for band in index * width..<(index + 1) * width { sum += decibels[band] }
          output[index] = sum / Float(width)
        }
      }
    }
  }

  private init(bandCount: Int, values: [Float]) {
    self.bandCount = bandCount
    self.values = values
  }

  /// How much each band rises from a frame to the next, 0 if it falls: one frame fewer, but at least one.
  var rises: BandAverages {
    guard frameCount > 1 else {
      return BandAverages(bandCount: bandCount, values: Array(repeating: 0, count: bandCount))
    }
    return BandAverages(
      bandCount: bandCount, values: zip(values.dropFirst(bandCount), values).map { max(0, $0 - $1) })
  }
}
