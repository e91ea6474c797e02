import Foundation
import NeuralNetwork
import Reproducibility
import Testing

@Suite struct SafetensorsTests {
  private static let sample = Safetensors(
    metadata: ["title": "ä \"quoted\" \\ / 🎵\n", "empty": ""],
    tensors: [
      "b.weight": .init(
        shape: [2, 3], values: [1, -2.5, .greatestFiniteMagnitude, -0.0, .leastNonzeroMagnitude, .infinity]),
      "a": .init(shape: [], values: [7]), "none": .init(shape: [0, 4], values: []),
      "quote \" and : colon": .init(shape: [1], values: [3]),
    ])

  /// A file of a header and a number of zero bytes.
  private static func file(_ header: String, bytes: Int = 0) -> Data {
    var data = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
    data.append(contentsOf: header.utf8)
    data.append(Data(count: bytes))
    return data
  }

  @Test("What is written can be read, and equal content gives equal bytes")
  func roundTrip() throws {
    let data = Self.sample.data
    #expect(try Safetensors(data: data) == Self.sample)
    #expect(Self.sample.data == data)
    // A slice of a longer Data has indices that do not begin at 0.
    let slice = (Data([1, 2, 3]) + data).dropFirst(3)
    #expect(try Safetensors(data: slice) == Self.sample)
    #expect(try Safetensors(data: Safetensors().data) == Safetensors())
  }

  @Test("A file that safetensors.torch wrote, from Tests/Goldens/safetensors_goldens.py")
  func fromPyTorch() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Goldens/safetensors_torch.safetensors")
    let file = try Safetensors(data: Data(contentsOf: url.standardized))
    #expect(file.metadata["format"] == "pt" && file.metadata["π"] == "\n")
    #expect(file.tensors.count == 6)
    #expect(
      file.tensors["single"] == .init(shape: [2, 3], values: [1.5, -2.25, 0.1, 3e38, -0.0, .leastNonzeroMagnitude]))
    #expect(file.tensors["double"] == .init(shape: [2, 2, 1], values: [0.1, 0, .infinity, 123456.789]))
    #expect(
      file.tensors["half"]
        == .init(
          shape: [8], values: [1, -0.5, 65504, 0x1p-24, 0x1p-14, 0x1.55p-2, .infinity, -0.0].map { Float($0) }))
    #expect(file.tensors["scalar"] == .init(shape: [], values: [7]))
    #expect(file.tensors["empty"] == .init(shape: [0, 3], values: []))
    #expect(file.tensors["ünïcode.\"name\""] == .init(shape: [4], values: [0, 1, 2, 3]))
  }

  @Test(
    "Headers that break the format",
    arguments: [
      "", "[]", "{", "null", "{}{}", #"{"a":1}"#, #"{"a":{}}"#, #"{"__metadata__":{"a":1}}"#, #"{"__metadata__":[]}"#,
      #"{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#,
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#,
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#,
      #"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[99999999999999999999999],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775807]}}"#,
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F16","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"x":"1","x":"2"}}"#,
    ])
  func malformed(header: String) {
    #expect(throws: Safetensors.FormatError.self) { try Safetensors(data: Self.file(header, bytes: 8)) }
  }

  @Test("Other encodings and very deep nesting are errors")
  func encodings() throws {
    let header = #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    #expect(try Safetensors(data: Self.file(header, bytes: 4)).tensors["a"]?.values == [0])
    let wide = try #require(header.data(using: .utf16LittleEndian))
    let invalid = Data(header.utf8.map { $0 == UInt8(ascii: "a") ? 0xFF : $0 })
    for header in [wide, invalid, Data(repeating: UInt8(ascii: "["), count: 100_000)] {
      let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
      #expect(throws: Safetensors.FormatError.self) { try Safetensors(data: length + header + Data(count: 4)) }
    }
  }

  @Test("A truncated file is an error, and so is one with extra bytes at its end")
  func truncated() {
    let data = Self.sample.data
    for count in 0..<data.count {
      #expect(throws: Safetensors.FormatError.self) { try Safetensors(data: data.prefix(count)) }
    }
    #expect(throws: Safetensors.FormatError.self) { try Safetensors(data: data + Data([0])) }
    for length in [UInt64.max, 1 << 63, UInt64(data.count), UInt64(data.count - 7)] {
      let field = withUnsafeBytes(of: length.littleEndian) { Data($0) }
      #expect(throws: Safetensors.FormatError.self) { try Safetensors(data: field + data.dropFirst(8)) }
    }
  }

  @Test("Random damage is read or refused, and never crashes")
  func fuzz() {
    var generator = SeededGenerator(seed: 1)
    let alphabet = Array("{}[]\",:\\-0129eE.tfn \u{0}\u{FF}".utf8)
    var refused = 0
    for _ in 0..<3000 {
      var data = Self.sample.data
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 0..<data.count, using: &generator)
        data[place] = alphabet.randomElement(using: &generator) ?? 0
      }
      do throws(Safetensors.FormatError) { _ = try Safetensors(data: data) } catch { refused += 1 }
    }
    #expect(refused > 1000)
  }
}
