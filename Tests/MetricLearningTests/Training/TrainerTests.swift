import MetricLearning
import NeuralNetwork
import Reproducibility
import Testing

@Suite struct TrainerTests {
  static let adam = Optimiser.adam(learningRate: 0.03)

  static func crossEntropy(epochs: Int, patience: Int? = nil, optimiser: Optimiser = adam)
    -> TrainingConfiguration.Phase
  {
    .init(.crossEntropy, reduction: .mean, optimiser: optimiser, epochs: epochs, patience: patience)
  }

  static func triplets(
    _ miner: TripletMiner, epochs: Int, patience: Int? = nil, reduction: LossReduction = .mean,
    optimiser: Optimiser = adam, keepsBest: Bool = true
  ) -> TrainingConfiguration.Phase {
    .init(
      .triplet(miner, margin: 1), reduction: reduction, optimiser: optimiser, epochs: epochs, patience: patience,
      keepsBest: keepsBest)
  }

  /// A training from the beginning.
  static func train(
    _ phases: [TrainingConfiguration.Phase], data: ToyDataset = ToyDataset(), network: ToyNetwork? = nil,
    checkpoint: (TrainingState) throws -> Void = { _ in }, progress: (TrainingProgress) throws -> Void = { _ in }
  ) throws -> TrainingState {
    let network = network ?? ToyNetwork(points: data.points, classCount: 3)
    var state = TrainingState(parameters: network.initialParameters(), generator: SeededGenerator(seed: 5))
    try trainer(phases, data: data).train(network, state: &state, progress: progress, checkpoint: checkpoint)
    return state
  }

  static func trainer(_ phases: [TrainingConfiguration.Phase], data: ToyDataset) -> Trainer {
    Trainer(
      configuration: TrainingConfiguration(phases: phases, classesPerBatch: 3, songsPerClass: 3, randomSeed: 5),
      trainingLabels: data.trainingLabels, validationLabels: data.validationLabels)
  }

  @Test(arguments: [LossReduction.mean, .sum])
  func crossEntropyLearnsTheClasses(reduction: LossReduction) throws {
    let phase = TrainingConfiguration.Phase(
      .crossEntropy, reduction: reduction, optimiser: Self.adam, epochs: 60, patience: nil)
    let history = try Self.train([phase]).history
    let (first, last) = (try #require(history.first), try #require(history.last))
    #expect(history.count == 60)
    #expect(try #require(last.loss) < #require(first.loss) / 2)
    #expect(try #require(last.accuracy) > 0.9)
    #expect(last.tripletCount == nil && last.activeTripletFraction == nil && last.collapse == nil)
  }

  @Test(arguments: TripletMiner.allCases, [LossReduction.mean, .sum])
  func tripletLossFalls(miner: TripletMiner, reduction: LossReduction) throws {
    let phase = Self.triplets(miner, epochs: 60, reduction: reduction, optimiser: .adam(learningRate: 0.01))
    let history = try Self.train([phase]).history
    // The mean over the triplets has the same scale with either reduction; semi-hard triplets always have a loss.
    let losses = history.compactMap(\.loss)
    #expect(try #require(losses.first) <= 2)
    let active = history.map { ($0.activeTripletFraction ?? 0) * Double($0.tripletCount ?? 0) * ($0.loss ?? 0) }
    #expect(try #require(active.last) < #require(active.first))
    #expect(history.allSatisfy { $0.accuracy == nil && $0.tripletCount != nil && $0.validationMAP != nil })
    #expect(try #require(history.last?.validationMAP) > 0.8)
  }

  @Test func stopsEarlyAndKeepsTheBest() throws {
    let data = ToyDataset()
    var states: [TrainingState] = []
    let phases = [Self.crossEntropy(epochs: 500, patience: 4)]
    let state = try Self.train(phases, data: data, checkpoint: { states.append($0) })
    let maps = state.history.compactMap(\.validationMAP)
    let best = try #require(maps.max())
    let bestEpoch = try #require(maps.firstIndex(of: best))
    #expect(maps.count == bestEpoch + 5, "four epochs without a better one end the phase: \(maps)")
    #expect(state.parameters == states[bestEpoch].parameters)
    #expect(state.phase == 1 && state.bestParameters == nil && state.earlyStopping == nil)
  }

  @Test func endsWithTheLastEpochWhereAsked() throws {
    var states: [TrainingState] = []
    let phase = Self.triplets(.hard, epochs: 12, optimiser: .sgd(learningRate: 0.3), keepsBest: false)
    let state = try Self.train([phase], checkpoint: { states.append($0) })
    #expect(state.parameters == states[11].parameters)
  }

  @Test func trainsWithoutValidationSongs() throws {
    let data = ToyDataset(validationPerClass: 0)
    let state = try Self.train(
      [Self.crossEntropy(epochs: 3, patience: 1), Self.triplets(.semiHard, epochs: 4)], data: data)
    #expect(state.history.map(\.phase) == [0, 0, 0, 1, 1, 1, 1])
    #expect(state.history.allSatisfy { $0.validationMAP == nil })
  }

  @Test func doesNothingInNoPhase() throws {
    let network = ToyNetwork(points: [], classCount: 3)
    let state = try Self.train([])
    #expect(state.parameters == network.initialParameters() && state.history.isEmpty && state.phase == 0)
  }

  @Test func noticesACollapse() throws {
    let data = ToyDataset()
    let network = ToyNetwork(points: [[Float]](repeating: [1, 1], count: data.points.count), classCount: 3)
    let state = try Self.train([Self.triplets(.hard, epochs: 5)], data: data, network: network)
    #expect(state.history.map(\.collapse) == [nil, nil, .embeddingsAlike, .embeddingsAlike, .embeddingsAlike])
    #expect(state.history.allSatisfy { $0.loss == 1 && $0.activeTripletFraction == 1 })
  }

  @Test(arguments: [true, false])
  func divergenceEndsThePhase(isTriplet: Bool) throws {
    let wild = Optimiser.sgd(learningRate: 3e38)
    let phase =
      isTriplet ? Self.triplets(.custom, epochs: 50, optimiser: wild) : Self.crossEntropy(epochs: 50, optimiser: wild)
    let state = try Self.train([phase])
    let record = try #require(state.history.last)
    #expect(record.collapse == .notFinite)
    #expect(state.history.count < 50)
  }

  @Test func weightsThatAreNoNumbersAreNeverTheBest() throws {
    // The first epoch already diverges: its MAP, that of the order of the songs, must not be kept.
    let state = try Self.train([Self.crossEntropy(epochs: 9, optimiser: .sgd(learningRate: .infinity))])
    #expect(state.history.count == 1)
    #expect(state.history[0].collapse == .notFinite)
    #expect(state.parameters.contains { !$0.isFinite })
  }

  @Test func tellsEveryBatch() throws {
    var batches: [TrainingProgress] = []
    _ = try Self.train(
      [Self.crossEntropy(epochs: 2), Self.triplets(.random, epochs: 1)], progress: { batches.append($0) })
    // 18 songs in batches of 9.
    #expect(batches.map(\.phase) == [0, 0, 0, 0, 1, 1])
    #expect(batches.map(\.epoch) == [1, 1, 2, 2, 1, 1])
    #expect(batches.map(\.batch) == [1, 2, 1, 2, 1, 2])
    #expect(batches.map(\.songs) == [9, 18, 27, 36, 45, 54])
    #expect(batches.allSatisfy { $0.batchCount == 2 && $0.loss != nil })
    #expect(batches.map { $0.activeTripletFraction == nil } == [true, true, true, true, false, false])
  }
}
