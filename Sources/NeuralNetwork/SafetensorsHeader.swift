import Foundation

/// The JSON header of a safetensors file: `{"name": {"dtype", "shape", "data_offsets"}, …, "__metadata__": {…}}`.
struct SafetensorsHeader {
  /// Type, shape and bytes of a tensor, counted from the end of the header.
  struct Entry {
    var type: String
    var shape: [Int]
    /// The first byte.
    var begin: Int
    /// The byte behind the last; not below `begin`.
    var end: Int
  }

  static let metadataKey = "__metadata__"

  var metadata: [String: String]
  var entries: [String: Entry]

  init(metadata: [String: String], entries: [String: Entry]) {
    self.metadata = metadata
    self.entries = entries
  }

  /// The header of a file, and the bytes behind it.
  static func read(from file: Data) throws(Safetensors.FormatError) -> (header: SafetensorsHeader, rest: Data) {
    guard file.count >= 8 else {
      throw Safetensors.FormatError(description: "it is shorter than its 8-byte length field")
    }
    let length = UInt64(littleEndian: file.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
    guard length <= UInt64(file.count - 8) else {
      throw Safetensors.FormatError(description: "its header of \(length) bytes ends behind the file")
    }
    let content = file.dropFirst(8)
    return (try SafetensorsHeader(json: content.prefix(Int(length))), content.dropFirst(Int(length)))
  }

  /// The header as sorted JSON, not padded.
  var json: Data {
    var object: [String: Any] = entries.mapValues {
      ["dtype": $0.type, "shape": $0.shape, "data_offsets": [$0.begin, $0.end]] as [String: Any]
    }
    if !metadata.isEmpty { object[Self.metadataKey] = metadata }
    do {
      return try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    } catch {
      preconditionFailure("strings and integers are always JSON: \(error)")
    }
  }

  /// Reads a header, padded or not.
  init(json: Data) throws(Safetensors.FormatError) {
    // Foundation would also accept UTF-16 and UTF-32, which contain zeros, and which `keyCount` would miscount.
    guard String(validating: json, as: UTF8.self) != nil, !json.contains(0) else {
      throw Safetensors.FormatError(description: "its header is not UTF-8")
    }
    let object: Any
    do {
      object = try JSONSerialization.jsonObject(with: json)
    } catch {
      throw Safetensors.FormatError(description: "its header is not JSON: \(error.localizedDescription)")
    }
    guard let header = object as? [String: [String: Any]] else {
      throw Safetensors.FormatError(description: "its header is not a JSON object of objects")
    }
    // Foundation silently keeps one of two equal keys; their number reveals it.
    guard Self.keyCount(json) == header.reduce(header.count, { $0 + $1.value.count }) else {
      throw Safetensors.FormatError(description: "its header has a key twice, or nests deeper than the format does")
    }
    metadata = [:]
    entries = [:]
    for (name, value) in header {
      if name == Self.metadataKey {
        guard let strings = value as? [String: String] else {
          throw Safetensors.FormatError(description: "its metadata are not strings")
        }
        metadata = strings
      } else {
        entries[name] = try Self.entry(name, value)
      }
    }
  }

  private static func entry(_ name: String, _ value: [String: Any]) throws(Safetensors.FormatError) -> Entry {
    guard let type = value["dtype"] as? String, let shape = value["shape"] as? [Int],
      let offsets = value["data_offsets"] as? [Int], offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1]
    else { throw Safetensors.FormatError(description: "the entry of the tensor \(name) is malformed") }
    return Entry(type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  /// The number of keys in all objects of valid JSON, which is the number of colons outside of strings.
  private static func keyCount(_ json: Data) -> Int {
    var count = 0
    var isInString = false
    var isEscaped = false
    for byte in json {
      switch byte {
      case _ where isEscaped: isEscaped = false
      case UInt8(ascii: "\\"): isEscaped = true
      case UInt8(ascii: "\""): isInString.toggle()
      case UInt8(ascii: ":") where !isInString: count += 1
      default: break
      }
    }
    return count
  }
}
