import Foundation

/// A safetensors file: named tensors of 32-bit floats and string metadata (format of Hugging Face's `safetensors`).
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

  /// What is wrong with the bytes.
  public struct FormatError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A sentence's end, such as "the header is not JSON".
    public let description: String

    /// An error with that description.
    public init(description: String) { self.description = description }
  }

  /// Strings under `__metadata__`.
  public var metadata: [String: String]
  /// The tensors by name.
  public var tensors: [String: Tensor]

  /// A file's content.
  public init(metadata: [String: String] = [:], tensors: [String: Tensor] = [:]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The header's alignment; the header is padded with spaces to it, as the reference implementation does.
  private static let alignment = 8

  /// The file's bytes.
  public var data: Data {
    var header: [String: Any] = [:]
    if !metadata.isEmpty { header["__metadata__"] = metadata }
    var offset = 0
    let names = tensors.keys.sorted()
    for name in names {
      guard let tensor = tensors[name] else { continue }
      let end = offset + 4 * tensor.values.count
      header[name] = ["dtype": "F32", "shape": tensor.shape, "data_offsets": [offset, end]] as [String: Any]
      offset = end
    }
    guard
      var json = try? JSONSerialization.data(withJSONObject: header, options: [.sortedKeys, .withoutEscapingSlashes])
    else { preconditionFailure("a header of strings and integers is always JSON") }
    while json.count % Self.alignment != 0 { json.append(0x20) }
    var data = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) }
    data.append(json)
    for name in names {
      guard let tensor = tensors[name] else { continue }
      for value in tensor.values { withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
    }
    return data
  }

  /// Reads a file's bytes. Tensors of 16-bit and 64-bit floats are converted.
  public init(data: Data) throws(FormatError) {
    let bytes = [UInt8](data)
    guard bytes.count >= 8 else { throw FormatError(description: "it is shorter than its 8-byte length field") }
    let length = bytes[0..<8].enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
    guard length <= UInt64(bytes.count - 8) else {
      throw FormatError(description: "its header of \(length) bytes ends behind the file")
    }
    let start = 8 + Int(length)
    let object: Any
    do {
      object = try JSONSerialization.jsonObject(with: Data(bytes[8..<start]))
    } catch {
      throw FormatError(description: "its header is not JSON: \(error.localizedDescription)")
    }
    guard let header = object as? [String: Any] else {
      throw FormatError(description: "its header is no JSON object")
    }
    metadata = [:]
    tensors = [:]
    for (name, entry) in header {
      if name == "__metadata__" {
        guard let strings = entry as? [String: String] else {
          throw FormatError(description: "its metadata are not strings")
        }
        metadata = strings
      } else {
        tensors[name] = try Self.tensor(name, entry, in: bytes[start...])
      }
    }
  }

  private static func tensor(_ name: String, _ entry: Any, in bytes: ArraySlice<UInt8>) throws(FormatError) -> Tensor {
    guard let entry = entry as? [String: Any], let type = entry["dtype"] as? String,
      let shape = entry["shape"] as? [Int], let offsets = entry["data_offsets"] as? [Int], offsets.count == 2
    else { throw FormatError(description: "the entry of the tensor \(name) is malformed") }
    guard let width = ["F16": 2, "F32": 4, "F64": 8][type] else {
      throw FormatError(description: "the tensor \(name) has the type \(type), which is no floating-point type")
    }
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow, product <= bytes.count else {
        throw FormatError(description: "the tensor \(name) has the impossible shape \(shape)")
      }
      count = product
    }
    guard offsets[0] >= 0, offsets[1] <= bytes.count, offsets[0] <= offsets[1], offsets[1] - offsets[0] == count * width
    else { throw FormatError(description: "the tensor \(name) of shape \(shape) does not fit its bytes \(offsets)") }
    let start = bytes.startIndex + offsets[0]
    let values = (0..<count).map { index in
      let place = start + index * width
      var bits: UInt64 = 0
      for byte in 0..<width { bits |= UInt64(bytes[place + byte]) << (8 * UInt64(byte)) }
      return value(bits: bits, width: width)
    }
    return Tensor(shape: shape, values: values)
  }

  private static func value(bits: UInt64, width: Int) -> Float {
    switch width {
    case 2: halfPrecision(UInt16(truncatingIfNeeded: bits))
    case 4: Float(bitPattern: UInt32(truncatingIfNeeded: bits))
    default: Float(Double(bitPattern: bits))
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
