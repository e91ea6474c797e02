import AudioFeatures
import Foundation
import Testing

@Suite struct NumPyArrayTests {
  @Test(arguments: [[], [0], [1], [5], [2, 3], [3, 0, 2], [2, 3, 4]])
  func readsWhatItWrites(shape: [Int]) throws {
    let count = shape.reduce(1, *)
    let array = NumPyArray(shape: shape, values: (0..<count).map { Float($0) * -1.5 })
    #expect(try NumPyArray(decoding: array.encoded()) == array)
  }

  @Test func writesWhatNumPyDocuments() {
    let bytes = NumPyArray(shape: [2], values: [1, -2]).encoded()
    #expect(bytes.prefix(10) == [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0])
    let header = String(decoding: bytes[10..<128], as: UTF8.self)
    #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }  "))
    #expect(header.last == "\n")
    #expect(bytes[128...] == [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0])
  }

  @Test func readsWhatNumPyWrote() throws {
    #expect(try Goldens.array("mfcc").shape == [65, 20])  // <f4
    #expect(try Goldens.array("mel-htk").shape == [40, 257])  // <f8
  }

  @Test func longHeadersOfVersion2() throws {
    let header = Array("{\"descr\": \"<f4\", 'shape': ( 1 ,1), 'fortran_order': False}\n".utf8)
    let bytes = Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) }) + [2, 0, UInt8(header.count), 0, 0, 0]
    let array = try NumPyArray(decoding: bytes + header + [0, 0, 0x80, 0x3f])
    #expect(array == NumPyArray(shape: [1, 1], values: [1]))
  }

  /// Every proper prefix of a valid file is reported as malformed.
  @Test func truncatedFiles() {
    let bytes = NumPyArray(shape: [2, 2], values: [1, 2, 3, 4]).encoded()
    for count in bytes.indices {
      #expect(throws: AudioFeatureError.self) { try NumPyArray(decoding: Array(bytes.prefix(count))) }
    }
  }

  @Test(arguments: [
    "{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }",
    "{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1, }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': 1, }",
    "{'descr': '<f4', 'fortran_order': False, }",
    "{'descr': '<f4', 'shape': (1,), }",
    "{'descr' '<f4', 'fortran_order': False, 'shape': (1,), }",
    "'descr':", "", "\u{0}\u{0}", "éééé",
  ])
  func malformedHeaders(header: String) {
    let length = header.utf8.count
    let bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length), 0] + Array(header.utf8)
    let data = [UInt8](repeating: 0, count: 64)
    #expect(throws: AudioFeatureError.self) { try NumPyArray(decoding: bytes + data) }
  }

  @Test func featuresHaveTheirShapes() throws {
    let samples = [Float](repeating: 0.1, count: 4096)
    #expect(try NumPyArray(LogMelExtractor().spectrogram(of: samples)).shape == [9, 128])
    #expect(try NumPyArray(MFCCExtractor().coefficients(of: samples, sampleRate: 8000)).shape == [9, 20])
  }

  @Test func filesGoOutAndIn() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "akin-\(UUID().uuidString).npy")
    defer { do { try FileManager.default.removeItem(at: file) } catch { Issue.record(error) } }
    let array = NumPyArray(shape: [2, 2], values: [1, 2, 3, .infinity])
    try array.write(to: file)
    #expect(try NumPyArray(contentsOf: file) == array)
  }

  @Test func missingFilesNameTheirPath() {
    let file = URL(filePath: "/no/such/folder/x.npy")
    for attempt in [
      { _ = try NumPyArray(contentsOf: file) }, { try NumPyArray(shape: [0], values: []).write(to: file) },
    ] {
      let error = #expect(throws: AudioFeatureError.self) { try attempt() }
      guard case .fileFailed("/no/such/folder/x.npy", _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }
}
