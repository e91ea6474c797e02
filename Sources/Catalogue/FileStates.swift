/// The files that a catalogue holds under a root, found by path, or one after the other in the order of their paths.
///
/// Paths are compared byte by byte. A dictionary with `String` keys would take two files whose names differ only in
/// Unicode normalisation for one.
public struct FileStates: Sendable, RandomAccessCollection {
  private let states: [FileState]
  private let positions: [PathBytes: Int]

  init(_ states: [FileState]) {
    self.states = states
    var positions = [PathBytes: Int](minimumCapacity: states.count)
    for (position, state) in states.enumerated() {
      positions[PathBytes(path: state.path)] = position
    }
    self.positions = positions
  }

  /// The state of the file at an absolute path; nil if the catalogue does not hold it.
  public subscript(path path: String) -> FileState? {
    positions[PathBytes(path: path)].map { states[$0] }
  }

  /// The first position.
  public var startIndex: Int { states.startIndex }
  /// The position after the last.
  public var endIndex: Int { states.endIndex }
  /// The state at a position.
  public subscript(position: Int) -> FileState { states[position] }
}

/// A path whose equality is that of its UTF-8 bytes.
private struct PathBytes: Hashable {
  let path: String

  static func == (left: PathBytes, right: PathBytes) -> Bool {
    left.path.utf8.elementsEqual(right.path.utf8)
  }

  func hash(into hasher: inout Hasher) {
    var path = path
    path.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
