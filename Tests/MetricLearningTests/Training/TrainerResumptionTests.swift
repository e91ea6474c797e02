import MetricLearning
import NeuralNetwork
import Reproducibility
import Testing

/// A training resumes from any stored state, and depends on nothing else between two epochs.
@Suite struct TrainerResumptionTests {
  private struct Stop: Error {}

  private static let phases = [
    TrainerTests.crossEntropy(epochs: 4),
    TrainerTests.triplets(.semiHard, epochs: 30, patience: 3),
    TrainerTests.triplets(.random, epochs: 3, optimiser: .sgd(learningRate: 0.01, momentum: 0.9)),
  ]

  @Test func everyStoredStateLeadsToTheSameEnd() throws {
    let data = ToyDataset()
    func network() -> ToyNetwork { ToyNetwork(points: data.points, classCount: 3, noise: 0.1) }
    var stored: [TrainingState] = []
    let end = try TrainerTests.train(Self.phases, data: data, network: network(), checkpoint: { stored.append($0) })
    #expect(stored.count == end.history.count + Self.phases.count)
    #expect(stored.last == end)
    let trainer = TrainerTests.trainer(Self.phases, data: data)
    for var state in stored {
      let other = network()
      try trainer.train(other, state: &state, progress: { _ in }, checkpoint: { _ in })
      #expect(state == end)
      #expect(other.parameters == end.parameters)
    }
  }

  @Test(arguments: [1, 2, 3, 7, 9, 12])
  func stoppedAfterAnyBatchTheLastStoredStateStands(batch: Int) throws {
    let data = ToyDataset()
    let network = ToyNetwork(points: data.points, classCount: 3, noise: 0.1)
    let end = try TrainerTests.train(
      Self.phases, data: data, network: ToyNetwork(points: data.points, classCount: 3, noise: 0.1))
    var state = TrainingState(parameters: network.initialParameters(), generator: SeededGenerator(seed: 5))
    var stored = state
    let trainer = TrainerTests.trainer(Self.phases, data: data)
    #expect(throws: Stop.self) {
      try trainer.train(
        network, state: &state, progress: { if $0.batchesDone == batch { throw Stop() } }, checkpoint: { stored = $0 })
    }
    try trainer.train(network, state: &stored, progress: { _ in }, checkpoint: { _ in })
    #expect(stored == end)
  }
}
