import Foundation
import NeuralNetwork
import SongModels
import Testing

/// `Tests/Goldens/character.py` beside ours.
struct CharacterGolden: Decodable {
  let frames, bands: Int
  let channels: [Int]
  let parameters, gradients, running: [String: [Double]]
  let patches, outputs, auxiliary, outputGradient, auxiliaryGradient, finished: [Float]

  static func load() throws -> CharacterGolden {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Goldens/character.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }

  var network: CharacterNetwork {
    var configuration = CharacterConfiguration()
    (configuration.frameCount, configuration.melBandCount, configuration.channels) = (frames, bands, channels)
    configuration.outputs = 5
    return CharacterNetwork(configuration, auxiliaryOutputs: 3)
  }

  func values(_ network: CharacterNetwork) -> [Float] {
    network.layout.parameters.flatMap { parameters[$0.name]?.map { Float($0) } ?? [] }
  }

  func setInputs(of pass: CharacterPass) {
    patches.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      for patch in 0..<pass.capacity { pass.setInput(patch, start + patch * frames * bands) }
    }
  }
}

@Suite struct CharacterGoldenTests {
  private let golden: CharacterGolden
  private let count = 4

  init() throws { golden = try CharacterGolden.load() }

  private func difference(_ values: some Sequence<Float>, _ expected: some Sequence<Double>) -> Double {
    zip(values, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
  }

  @Test("Forward and backward in training are PyTorch's, for any number of threads", arguments: [1, 3])
  func training(threads: Int) {
    let network = golden.network
    let pass = CharacterPass(network, capacity: count, isTraining: true, threads: threads)
    var parameters = golden.values(network)
    #expect(parameters.count == network.layout.count)
    pass.prepare(parameters: parameters)
    golden.setInputs(of: pass)
    // A second pass must not see anything of the first.
    for _ in 0..<2 {
      pass.forward(patches: count)
      let outputs = UnsafeBufferPointer(start: pass.outputs.pointer, count: count * 5)
      let auxiliary = UnsafeBufferPointer(start: pass.auxiliary.pointer, count: count * 3)
      #expect(difference(outputs, golden.outputs.map(Double.init)) < 1e-5)
      #expect(difference(auxiliary, golden.auxiliary.map(Double.init)) < 1e-5)
      let gradient = pass.backward(
        patches: count, outputGradient: golden.outputGradient, auxiliaryGradient: golden.auxiliaryGradient)
      for parameter in network.layout.parameters {
        let own = gradient[parameter.range]
        if let expected = golden.gradients[parameter.name] {
          let largest = expected.reduce(1) { max($0, abs($1)) }
          #expect(own.count == expected.count && difference(own, expected) < 2e-5 * largest, "\(parameter.name)")
        } else {
          #expect(own.allSatisfy { $0 == 0 }, "\(parameter.name)")
        }
      }
    }
    for (layer, statistics) in zip(network.normalisations, pass.statistics) {
      layer.normalisation.updateRunningStatistics(with: statistics, in: &parameters)
    }
    for parameter in network.layout.parameters {
      guard let expected = golden.running[parameter.name] else { continue }
      #expect(difference(parameters[parameter.range], expected) < 1e-5, "\(parameter.name)")
    }
  }

  @Test func aFinishedNetworkUsesRunningStatistics() {
    let network = golden.network
    var parameters = golden.values(network)
    for parameter in network.layout.parameters {
      guard let running = golden.running[parameter.name] else { continue }
      parameters.replaceSubrange(parameter.range, with: running.map { Float($0) })
    }
    let finished = network.finished
    let pass = CharacterPass(finished, capacity: count, isTraining: false, threads: 2)
    pass.prepare(parameters: Array(parameters[..<finished.layout.count]))
    golden.setInputs(of: pass)
    pass.forward(patches: count)
    let outputs = UnsafeBufferPointer(start: pass.outputs.pointer, count: count * 5)
    #expect(difference(outputs, golden.finished.map(Double.init)) < 1e-5)
  }

  /// The same sums in the same order, whoever adds them.
  @Test func threadsChangeNoBit() {
    let network = golden.network
    func gradient(threads: Int) -> [Float] {
      let pass = CharacterPass(network, capacity: count, isTraining: true, threads: threads)
      pass.prepare(parameters: golden.values(network))
      golden.setInputs(of: pass)
      pass.forward(patches: count)
      return pass.backward(
        patches: count, outputGradient: golden.outputGradient, auxiliaryGradient: golden.auxiliaryGradient)
    }
    #expect(gradient(threads: 1) == gradient(threads: 4))
  }
}
