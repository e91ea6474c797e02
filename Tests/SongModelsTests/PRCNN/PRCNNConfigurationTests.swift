import Foundation
import NeuralNetwork
import Reproducibility
import SongModels
import Testing

@Suite struct PRCNNConfigurationTests {
  @Test func thePaperNetwork() {
    let network = PRCNN()
    #expect(PRCNNConfiguration().problem == nil)
    #expect(network.layout.count == 119_996)
    #expect(PRCNN(classCount: 8).layout.count == 119_996 + 60 * 8 + 8)
    let shapes = Dictionary(uniqueKeysWithValues: network.layout.parameters.map { ($0.name, $0.shape) })
    #expect(shapes["dense.weight"] == [60, 384])
    #expect(shapes["gru.weight_ih_l0_reverse"] == [192, 32])
    #expect(shapes["convolutions.3.weight"] == [128, 64, 3, 1])
  }

  @Test("The pre-training head comes last, so that dropping it shortens the buffer")
  func head() {
    let (with, without) = (PRCNN(classCount: 8).layout.parameters, PRCNN().layout.parameters)
    #expect(Array(with.prefix(without.count)) == without)
  }

  @Test(
    "Shapes that no network has",
    arguments: [
      #""frameCount":0"#, #""frameCount":65537"#, #""melBandCount":-1"#, #""melBandCount":127,"frameCount":100"#,
      #""filters":[]"#, #""filters":[1,2,3,4]"#, #""filters":[16,32,64,128,0]"#, #""recurrentUnits":65536"#,
      #""pools":[]"#, #""sequencePool":{"frames":0,"bands":1}"#, #""sequencePool":{"frames":16,"bands":1}"#,
      #""embeddingDimension":9223372036854775807"#, #""frameCount":65536,"melBandCount":65536"#,
      #""filters":[65536,65536,65536,65536,65536]"#,
    ])
  func problems(change: String) throws {
    let usual = try JSONEncoder().encode(PRCNNConfiguration())
    var object = try #require(try JSONSerialization.jsonObject(with: usual) as? [String: Any])
    let changes = try #require(try JSONSerialization.jsonObject(with: Data("{\(change)}".utf8)) as? [String: Any])
    object.merge(changes) { $1 }
    let data = try JSONSerialization.data(withJSONObject: object)
    #expect(try JSONDecoder().decode(PRCNNConfiguration.self, from: data).problem != nil)
  }

  @Test("The initial weights: bounded matrices, zero biases, the same for the same seed")
  func initialParameters() {
    let network = PRCNN(classCount: 8)
    var (first, second) = (SeededGenerator(seed: 7), SeededGenerator(seed: 7))
    let parameters = network.initialParameters(using: &first)
    #expect(parameters == network.initialParameters(using: &second))
    #expect(parameters != network.initialParameters(using: &first))
    for parameter in network.layout.parameters {
      let values = parameters[parameter.range]
      let isBias = parameter.shape.count == 1
      #expect(values.allSatisfy { isBias ? $0 == 0 : abs($0) <= 1 }, "\(parameter.name)")
      #expect(isBias || Set(values).count > parameter.count / 2, "\(parameter.name)")
    }
  }
}
