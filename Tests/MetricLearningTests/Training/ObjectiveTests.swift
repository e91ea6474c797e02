import MetricLearning
import NeuralNetwork
import Reproducibility
import Testing

/// Training with the losses that the paper names as future work.
@Suite struct ObjectiveTests {
  static let objectives: [TrainingConfiguration.Objective] = [
    .embedding(ContrastiveLoss()), .embedding(AngularLoss(angle: 40)),
    .embedding(SupervisedContrastiveLoss(temperature: 0.1)),
  ]

  private static func phase(
    _ objective: TrainingConfiguration.Objective, reduction: LossReduction = .mean, epochs: Int = 60,
    optimiser: Optimiser = .adam(learningRate: 0.01)
  ) -> TrainingConfiguration.Phase {
    .init(objective, reduction: reduction, optimiser: optimiser, epochs: epochs, patience: nil)
  }

  @Test(arguments: objectives, LossReduction.allCases)
  func aSmallEmbeddingLearns(objective: TrainingConfiguration.Objective, reduction: LossReduction) throws {
    let data = ToyDataset(height: 0.1)
    let phase = Self.phase(objective, reduction: reduction, optimiser: .adam(learningRate: 0.03))
    let history = try TrainerTests.train([phase], data: data).history
    let losses = history.compactMap(\.loss)
    #expect(losses.count == 60)
    #expect(losses[59] < 0.7 * losses[0])
    #expect(try #require(history.last?.validationMAP) > 0.8)
    #expect(history.allSatisfy { $0.tripletCount == nil && $0.accuracy == nil && $0.collapse == nil })
  }

  /// Songs whose only label is themselves learn from their noisy excerpts.
  @Test func excerptsTeachWithoutLabels() throws {
    let data = ToyDataset(validationPerClass: 0, height: 0.1)
    let network = ToyNetwork(points: data.points, classCount: 3, noise: 0.02)
    let trainer = Trainer(
      configuration: TrainingConfiguration(
        phases: [Self.phase(.embedding(SupervisedContrastiveLoss(temperature: 0.1)))], classesPerBatch: 9,
        songsPerClass: 2,
        randomSeed: 5),
      trainingLabels: Array(data.points.indices), validationLabels: [])
    var state = TrainingState(parameters: network.initialParameters(), generator: SeededGenerator(seed: 5))
    try trainer.train(network, state: &state, progress: { _ in }, checkpoint: { _ in })
    let losses = state.history.compactMap(\.loss)
    let (first, last) = (losses.prefix(10).reduce(0, +), losses.suffix(10).reduce(0, +))
    #expect(last < 0.8 * first)
  }

  @Test(arguments: objectives)
  func divergenceEndsThePhase(objective: TrainingConfiguration.Objective) throws {
    let state = try TrainerTests.train(
      [Self.phase(objective, epochs: 50, optimiser: .sgd(learningRate: .infinity))])
    #expect(try #require(state.history.last).collapse == .notFinite)
    #expect(state.history.count < 50)
  }

  @Test(arguments: objectives)
  func collapsesAreNoticed(objective: TrainingConfiguration.Objective) throws {
    let data = ToyDataset()
    let network = ToyNetwork(points: [[Float]](repeating: [1, 1], count: data.points.count), classCount: 3)
    let state = try TrainerTests.train([Self.phase(objective, epochs: 4)], data: data, network: network)
    #expect(state.history.map(\.collapse) == [nil, nil, .embeddingsAlike, .embeddingsAlike])
  }

  @Test(arguments: objectives)
  func resumesToTheSameEnd(objective: TrainingConfiguration.Objective) throws {
    let phases = [Self.phase(objective, epochs: 5)]
    let data = ToyDataset()
    var stored: [TrainingState] = []
    let end = try TrainerTests.train(phases, data: data, checkpoint: { stored.append($0) })
    for var state in stored {
      let network = ToyNetwork(points: data.points, classCount: 3)
      try TrainerTests.trainer(phases, data: data).train(
        network, state: &state, progress: { _ in }, checkpoint: { _ in })
      #expect(state == end)
    }
  }

  @Test func objectivesAreEqualIfTheyMinimiseTheSame() {
    let all = [.crossEntropy, .triplet(.semiHard, margin: 1.5), .triplet(.hard, margin: 1.5)] + Self.objectives
    for (first, one) in all.enumerated() {
      for (second, other) in all.enumerated() { #expect((one == other) == (first == second), "\(one), \(other)") }
    }
    #expect(all[3] != .embedding(ContrastiveLoss(negativeMargin: 2)))
    #expect(all[4] == .embedding(AngularLoss(angle: 40)))
    #expect(
      all.map { "\($0)" }
        == ["cross-entropy", "semi-hard", "hard", "contrastive", "angular", "supervised contrastive"])
  }
}
