import AudioFeatures
import Files
import Foundation
import Reproducibility
import SongModels
import Testing
import Training

@Suite struct DistillationTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "teaching-\(UUID().uuidString)")

  /// Patches of noise in one of two colours, and a teacher that tells the colours apart.
  private func write(songs: Int = 12, frames: Int = 140, description: String? = nil) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var generator = SeededGenerator(seed: 4)
    var mels: [UInt8] = []
    var targets: [Float] = []
    for song in 0..<songs {
      let isHigh = song.isMultiple(of: 2)
      for _ in 0..<frames {
        for band in 0..<128 {
          mels.append(UInt8(40 + ((band > 64) == isHigh ? 150 : 0) + generator.integer(in: 0...40)))
        }
      }
      for _ in 0..<2 { targets += isHigh ? [3, 1, 5] : [-3, 1, 7] }
    }
    func array(_ type: String, _ shape: [Int], _ bytes: Data) -> Data {
      var header =
        "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(shape.map(String.init).joined(separator: ", "))), }"
      header += String(repeating: " ", count: (64 - (10 + header.utf8.count + 1) % 64) % 64) + "\n"
      return Data([0x93] + "NUMPY".utf8 + [1, 0, UInt8(header.utf8.count & 0xff), UInt8(header.utf8.count >> 8)])
        + Data(header.utf8) + bytes
    }
    try array("|u1", [songs, frames, 128], Data(mels)).write(to: folder.appending(path: "a.mels.npy"))
    try array("<f4", [songs, 2, 3], targets.withUnsafeBytes { Data($0) })
      .write(to: folder.appending(path: "a.targets.npy"))
    try Data(
      (description
        ?? #"{"teacher": "colours", "vector": 2, "starts": [0, 70], "rows": {"a": [0, 1, 2, 3, 4, 5, 6, 7]}, "originals": ["a"]}"#)
        .utf8
    )
    .write(to: folder.appending(path: "teaching.json"))
  }

  private func learn(threads: Int) throws -> CharacterModel {
    var configuration = Distillation.Configuration()
    configuration.network.channels = [8, 8, 8]
    (configuration.steps, configuration.batchSize, configuration.learningRate) = (60, 16, 0.01)
    configuration.warmUp = 5
    var steps = 0
    let model = try Distillation(TeachingData(folder: folder), configuration: configuration)
      .learn(threads: threads) { progress in
        steps += 1
        #expect(progress.step == steps && progress.loss.isFinite)
      }
    #expect(steps == 60)
    return model
  }

  @Test("A student tells apart what its teacher does; threads change no bit")
  func learns() throws {
    try write()
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = try learn(threads: 1)
    #expect(try learn(threads: 3).data == model.data)
    #expect(model.provenance.teacher == "colours" && model.provenance.songs == 8 && model.dimension == 2)
    // Typical vectors are what the teacher's are, standardised: the first number tells the colours apart.
    #expect(abs(model.content.typicalMeans[0]) < 0.3 && abs(model.content.typicalDeviations[0] - 1) < 0.3)
    // What never changes is learned as such.
    #expect(abs(model.content.typicalDeviations[1]) < 0.3)
  }

  @Test(
    "A folder that does not fit is refused with a reason",
    arguments: [
      (#"{"teacher": "x", "vector": 4, "starts": [0, 70], "originals": []}"#, "vector"),
      (#"{"teacher": "x", "vector": 2, "starts": [0], "originals": []}"#, "patches"),
      (#"{"teacher": "x", "vector": 2, "starts": [0, 400], "originals": []}"#, "patches"),
      (#"{"teacher": "x", "vector": 2, "starts": [0, 70], "rows": {"a": [99]}, "originals": []}"#, "rows"),
      (#"{"teacher": "x"}"#, "read"),
    ])
  func wrongFolders(description: String, reason: String) throws {
    try write(description: description)
    defer { try? FileManager.default.removeItem(at: folder) }
    let error = #expect(throws: FileError.self) { try TeachingData(folder: folder) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test func filesThatEndEarlyAreNamed() throws {
    try write()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "a.targets.npy")
    try Data(Data(contentsOf: file).dropLast(5)).write(to: file)
    let error = #expect(throws: FileError.self) { try TeachingData(folder: folder) }
    #expect(error?.description.contains("a.targets.npy") == true)
    try FileManager.default.removeItem(at: file)
    #expect(throws: FileError.self) { try TeachingData(folder: folder) }
  }
}
