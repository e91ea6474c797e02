import Foundation

/// A file beside the songs that says how they were made and how each file looked when it was finished.
struct CollectionStamp: Codable {
  private static let fileName = "synthetic-collection.json"

  /// What the content of the files depends on.
  var recipe: String
  /// Digests of the files by their paths in the folder.
  var digests: [String: String] = [:]

  init(recipe: String) {
    self.recipe = recipe
  }

  /// The stamp of a folder; an empty one if there is none, or none that can be understood.
  static func read(from directory: URL) throws -> CollectionStamp {
    let file = directory.appendingPathComponent(fileName)
    guard FileManager.default.fileExists(atPath: file.path) else { return CollectionStamp(recipe: "") }
    let data = try Data(contentsOf: file)
    do {
      return try JSONDecoder().decode(CollectionStamp.self, from: data)
    } catch is DecodingError {
      // Without it nothing is known about the files, and all are written anew.
      return CollectionStamp(recipe: "")
    }
  }

  func write(to directory: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).write(to: directory.appendingPathComponent(Self.fileName), options: .atomic)
  }

  /// Removes the files of an earlier collection that are not among the paths, as long as nobody changed them.
  mutating func removeOutdatedFiles(in directory: URL, keeping paths: [String]) throws {
    for path in Set(digests.keys).subtracting(paths).sorted() {
      // The stamp may have been edited: never reach outside the folder.
      guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else { continue }
      let file = directory.appendingPathComponent(path)
      if try Self.digest(of: file) == digests[path] { try FileManager.default.removeItem(at: file) }
      digests[path] = nil
    }
  }

  /// A digest of a file's content (FNV-1a, 64 bits: against accidents, not against malice); nil if there is no such
  /// file.
  static func digest(of file: URL) throws -> String? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    try Data(contentsOf: file).withUnsafeBytes { bytes in
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    return String(hash, radix: 16)
  }
}
