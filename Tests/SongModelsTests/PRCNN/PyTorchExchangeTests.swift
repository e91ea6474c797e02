import Foundation
import NeuralNetwork
import Reproducibility
import SongModels
import Testing

/// A Python with torch and safetensors: `AKIN_PYTHON`, else `python3` on the path, else `.venv/bin/python`.
enum TorchPython {
  static let executable: URL? = candidates.first { hasTorch($0) }

  private static var candidates: [URL] {
    let environment = ProcessInfo.processInfo.environment
    let root = PRCNNGolden.folder.appending(path: "../..").standardized
    let onPath = (environment["PATH"] ?? "").split(separator: ":").map { URL(filePath: "\($0)/python3") }
    return [environment["AKIN_PYTHON"].map { URL(filePath: $0) }].compactMap(\.self) + onPath
      + [root.appending(path: ".venv/bin/python")]
  }

  private static func hasTorch(_ python: URL) -> Bool {
    guard FileManager.default.isExecutableFile(atPath: python.path) else { return false }
    do { return try run(python, ["-c", "import torch, safetensors.torch"]) == 0 } catch { return false }
  }

  /// The exit status.
  static func run(_ python: URL, _ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = python
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}

@Suite struct PyTorchExchangeTests {
  @Test(
    "Weights go to the PyTorch module and back, and give the same outputs within 1e-5",
    .enabled(if: TorchPython.executable != nil, "no Python with torch and safetensors; set AKIN_PYTHON to one"),
    arguments: [PRCNNConfiguration(), PRCNNPassTests.configuration])
  func exchange(configuration: PRCNNConfiguration) throws {
    let python = try #require(TorchPython.executable)
    let folder = FileManager.default.temporaryDirectory.appending(path: "akin-exchange-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer {
      do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
    }
    let network = PRCNN(configuration, classCount: 3)
    let songs = 3
    var generator = SeededGenerator(seed: 5)
    let parameters = network.initialParameters(using: &generator)
    // Standardisation is the module's; Akin's pass takes what is standardised.
    let bands = configuration.melBandCount
    let means = (0..<bands).map { _ in Float(-30 + 10 * generator.uniform()) }
    let scales = (0..<bands).map { _ in Float(0.05 + 0.05 * generator.uniform()) }
    let inputs = (0..<(songs * network.inputCount)).map { _ in Float(-60 * generator.uniform()) }

    let json = String(decoding: try JSONEncoder().encode(configuration), as: UTF8.self)
    var ours = Safetensors(metadata: ["configuration": json, "classes": "3", "title": "ä \"quoted\" \\ 🎵"])
    for parameter in network.layout.parameters {
      ours.tensors[parameter.name] = .init(shape: parameter.shape, values: Array(parameters[parameter.range]))
    }
    ours.tensors["input_mean"] = .init(shape: [bands], values: means)
    ours.tensors["input_scale"] = .init(shape: [bands], values: scales)
    try ours.data.write(to: folder.appending(path: "ours.safetensors"))
    let shape = [songs, configuration.frameCount, bands]
    try Safetensors(tensors: ["songs": .init(shape: shape, values: inputs)]).data
      .write(to: folder.appending(path: "inputs.safetensors"))

    let script = PRCNNGolden.folder.appending(path: "prcnn_exchange.py")
    try #require(try TorchPython.run(python, [script.path, folder.path]) == 0, "prcnn_exchange.py failed")
    let outputs = try Safetensors(data: Data(contentsOf: folder.appending(path: "outputs.safetensors")))
    let standardised = inputs.enumerated().map { ($0.element - means[$0.offset % bands]) * scales[$0.offset % bands] }
    try expect(network, parameters, standardised, gives: outputs, prefix: "")

    let theirs = try Safetensors(data: Data(contentsOf: folder.appending(path: "theirs.safetensors")))
    let theirParameters = try network.layout.parameters.flatMap { parameter in
      let tensor = try #require(theirs.tensors[parameter.name])
      #expect(tensor.shape == parameter.shape)
      return tensor.values
    }
    try expect(network, theirParameters, inputs, gives: outputs, prefix: "their_")
  }

  private func expect(
    _ network: PRCNN, _ parameters: [Float], _ inputs: [Float], gives outputs: Safetensors, prefix: String
  ) throws {
    let songs = inputs.count / network.inputCount
    let pass = PRCNNPass(network, capacity: songs, isTraining: false, threads: 2)
    for song in 0..<songs {
      for i in 0..<network.inputCount { pass.input(song)[i] = inputs[song * network.inputCount + i] }
    }
    pass.forward(songs: songs, parameters: parameters)
    for (name, buffer) in [("embeddings", pass.embeddings), ("logits", pass.logits)] {
      let expected = try #require(outputs.tensors[prefix + name]).values
      #expect(expected.count == buffer.count)
      let difference = expected.enumerated().map { abs($0.element - buffer.pointer[$0.offset]) }.max() ?? 0
      #expect(difference < 1e-5, "\(prefix)\(name) differ by \(difference)")
    }
  }
}
