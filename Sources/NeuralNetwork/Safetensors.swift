import Foundation

/// A safetensors file: named tensors of 32-bit floats, or of bytes that another format gives a meaning, and string
/// metadata (format of Hugging Face's `safetensors`).
///
/// Written with sorted names and keys, so that equal content gives equal bytes.
public struct Safetensors: Sendable, Hashable {
  /// One tensor, row-major.
  public struct Tensor: Sendable, Hashable {
    /// PyTorch's shape.
    public var shape: [Int]
    /// `shape`'s product values.
    public var values: [Float]

    /// A tensor; the number of values must fit the shape.
    public init(shape: [Int], values: [Float]) {
      precondition(shape.reduce(1, *) == values.count, "\(values.count) values in the shape \(shape)")
      self.shape = shape
      self.values = values
    }
  }

  /// Why bytes are not a safetensors file.
  public struct FormatError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, as a clause such as "the header is not JSON".
    public let description: String

    /// An error with that description.
    public init(description: String) { self.description = description }
  }

  /// The strings under `__metadata__`.
  public var metadata: [String: String]
  /// The tensors by name.
  public var tensors: [String: Tensor]
  /// The one-dimensional tensors of bytes (`U8`) by name, whose names are none of `tensors`.
  public var bytes: [String: Data]

  /// A file's content.
  public init(metadata: [String: String] = [:], tensors: [String: Tensor] = [:], bytes: [String: Data] = [:]) {
    self.metadata = metadata
    self.tensors = tensors
    self.bytes = bytes
  }

  /// The header's alignment; the header is padded with spaces to it, as the reference implementation does.
  private static let alignment = 8

  /// The file's bytes.
  public var data: Data {
    precondition(
      tensors[SafetensorsHeader.metadataKey] == nil && bytes[SafetensorsHeader.metadataKey] == nil,
      "the name of the metadata names a tensor")
    var entries: [String: SafetensorsHeader.Entry] = [:]
    var offset = 0
    let sorted = tensors.sorted { $0.key < $1.key }
    for (name, tensor) in sorted {
      let end = offset + 4 * tensor.values.count
      entries[name] = SafetensorsHeader.Entry(type: "F32", shape: tensor.shape, begin: offset, end: end)
      offset = end
    }
    // Behind the floats, which so are aligned.
    let sortedBytes = bytes.sorted { $0.key < $1.key }
    for (name, bytes) in sortedBytes {
      precondition(entries[name] == nil, "two tensors are named \(name)")
      entries[name] = SafetensorsHeader.Entry(
        type: "U8", shape: [bytes.count], begin: offset, end: offset + bytes.count)
      offset += bytes.count
    }
    var json = SafetensorsHeader(metadata: metadata, entries: entries).json
    while json.count % Self.alignment != 0 { json.append(0x20) }
    var data = Data(capacity: 8 + json.count + offset)
    withUnsafeBytes(of: UInt64(json.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(json)
    for (_, tensor) in sorted {
      let words = tensor.values.map { $0.bitPattern.littleEndian }
      words.withUnsafeBytes { data.append(contentsOf: $0) }
    }
    for (_, bytes) in sortedBytes { data.append(bytes) }
    return data
  }

  /// Reads a file's bytes. Tensors of 16-bit and 64-bit floats are converted.
  ///
  /// Everything that the format demands is checked, so that a damaged file is an error and never a wrong weight: names
  /// are unique, and tensors fill the file without gaps or overlaps.
  public init(data: Data) throws(FormatError) {
    let (header, content) = try SafetensorsHeader.read(from: data)
    metadata = header.metadata
    tensors = [:]
    bytes = [:]
    var position = 0
    let sorted = header.entries.sorted {
      ($0.value.begin, $0.value.end, $0.key) < ($1.value.begin, $1.value.end, $1.key)
    }
    for (name, entry) in sorted {
      guard entry.begin == position else {
        throw FormatError(description: "the tensor \(name) begins at byte \(entry.begin) instead of \(position)")
      }
      guard entry.end <= content.count else {
        throw FormatError(description: "the tensor \(name) ends behind the file")
      }
      let own = content.dropFirst(entry.begin).prefix(entry.end - entry.begin)
      if entry.type == "U8", entry.shape == [own.count] {
        bytes[name] = Data(own)
      } else {
        tensors[name] = try Self.tensor(name, entry, bytes: own)
      }
      position = entry.end
    }
    guard position == content.count else {
      throw FormatError(description: "its last \(content.count - position) bytes belong to no tensor")
    }
  }

  /// The strings under `__metadata__` alone; of the file at least its beginning must be there, to the header's end.
  public static func metadata(in data: Data) throws(FormatError) -> [String: String] {
    try SafetensorsHeader.read(from: data).header.metadata
  }

  private static func tensor(
    _ name: String, _ entry: SafetensorsHeader.Entry, bytes: Data
  ) throws(FormatError) -> Tensor {
    guard let width = ["F16": 2, "F32": 4, "F64": 8][entry.type] else {
      throw FormatError(
        description: "the tensor \(name) has the type \(entry.type), which is none of F16, F32 and F64")
    }
    var byteCount = width
    for size in entry.shape {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else {
        throw FormatError(description: "the tensor \(name) has the impossible shape \(entry.shape)")
      }
      byteCount = product
    }
    guard byteCount == bytes.count else {
      throw FormatError(
        description: "the tensor \(name) of shape \(entry.shape) needs \(byteCount) bytes and has \(bytes.count)")
    }
    return Tensor(shape: entry.shape, values: bytes.withUnsafeBytes { floats(of: $0, width: width) })
  }

  /// Little-endian floating-point numbers of `width` bytes.
  private static func floats(of bytes: UnsafeRawBufferPointer, width: Int) -> [Float] {
    func word<Word: FixedWidthInteger>(_ index: Int, _ type: Word.Type) -> Word {
      Word(littleEndian: bytes.loadUnaligned(fromByteOffset: index * width, as: type))
    }
    let indices = 0..<(bytes.count / width)
    return switch width {
    case 2: indices.map { halfPrecision(word($0, UInt16.self)) }
    case 4: indices.map { Float(bitPattern: word($0, UInt32.self)) }
    default: indices.map { Float(Double(bitPattern: word($0, UInt64.self))) }
    }
  }

  /// IEEE 754 binary16; `Float16` is missing on Intel Macs.
  private static func halfPrecision(_ bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10) & 0x1F
    let fraction = Float(bits & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}
