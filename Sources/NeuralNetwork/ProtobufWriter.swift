import Foundation

/// Writes messages in the wire format of Protocol Buffers, field by field:
/// https://protobuf.dev/programming-guides/encoding.
struct ProtobufWriter {
  /// What was written.
  private(set) var data = Data()

  /// A number as a varint.
  mutating func write(_ value: Int, field: Int) {
    append(tag: field, wireType: 0)
    append(varint: UInt64(bitPattern: Int64(value)))
  }

  /// A 32-bit float.
  mutating func write(_ value: Float, field: Int) {
    append(tag: field, wireType: 5)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
  }

  /// Bytes.
  mutating func write(_ bytes: Data, field: Int) {
    append(tag: field, wireType: 2)
    append(varint: UInt64(bytes.count))
    data.append(bytes)
  }

  /// A text.
  mutating func write(_ text: String, field: Int) { write(Data(text.utf8), field: field) }

  /// A message.
  mutating func write(field: Int, _ content: (inout ProtobufWriter) -> Void) {
    var message = ProtobufWriter()
    content(&message)
    write(message.data, field: field)
  }

  private mutating func append(tag field: Int, wireType: UInt64) { append(varint: UInt64(field) << 3 | wireType) }

  private mutating func append(varint value: UInt64) {
    var rest = value
    while rest > 0x7F {
      data.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    data.append(UInt8(rest))
  }
}
