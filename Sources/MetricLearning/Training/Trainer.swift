import NeuralNetwork
import Reproducibility

/// Trains a network on labelled songs, phase by phase (paper 2.4 and 2.6).
///
/// All randomness comes from the state's generator, and every sum has a fixed order: the same seed and songs give the
/// same weights, bit for bit, even if the training is interrupted between two epochs and resumed.
public struct Trainer {
  /// How to learn.
  public let configuration: TrainingConfiguration
  /// The class of each training song; song `i` of the network is training song `i`.
  public let trainingLabels: [Int]
  /// The class of each validation song; they follow the training songs.
  public let validationLabels: [Int]
  /// The collection of each training song. A class-balanced batch is of one collection, since classes of different
  /// collections can be told apart by how they were recorded and encoded, which the network should not learn.
  public let collections: [Int]

  /// A training of songs whose classes are in 0..<the network's `classCount`; nil `collections` for a single one.
  public init(
    configuration: TrainingConfiguration, trainingLabels: [Int], validationLabels: [Int], collections: [Int]? = nil
  ) {
    precondition(collections.map { $0.count == trainingLabels.count } ?? true, "not every song has a collection")
    self.configuration = configuration
    self.trainingLabels = trainingLabels
    self.validationLabels = validationLabels
    self.collections = collections ?? trainingLabels.map { _ in 0 }
  }

  /// Trains from `state` on to the end.
  ///
  /// - Parameters:
  ///   - network: the network to train; it takes the state's weights.
  ///   - state: where the training stands; at the end, the finished one.
  ///   - progress: is called after every batch; throw from it to stop at once (the last stored state remains valid).
  ///   - checkpoint: is called with the state after every epoch, to store it.
  public func train(
    _ network: some TrainableNetwork, state: inout TrainingState, progress: (TrainingProgress) throws -> Void,
    checkpoint: (TrainingState) throws -> Void
  ) throws {
    network.parameters = state.parameters
    var (songs, batchesDone) = (0, 0)
    while state.phase < configuration.phases.count {
      let phase = configuration.phases[state.phase]
      while !isFinished(phase, state: state) {
        let batches = batches(for: phase, state: &state)
        var sums = EpochSums()
        for (index, batch) in batches.enumerated() {
          let (embeddings, logits) = try network.forward(songs: batch, using: &state.generator)
          let labels = batch.map { trainingLabels[$0] }
          let gradient = backward(
            phase, embeddings: embeddings, logits: logits, labels: labels, network: network,
            generator: &state.generator, sums: &sums)
          let share = (Double(state.epochsInPhase) + Double(index) / Double(batches.count)) / Double(phase.epochs)
          phase.optimiser(at: share).step(
            parameters: &network.parameters, gradient: gradient, state: &state.optimiser)
          songs += batch.count
          batchesDone += 1
          try progress(
            TrainingProgress(
              phase: state.phase, epoch: state.epochsInPhase + 1, batch: index + 1, batchCount: batches.count,
              batchesDone: batchesDone, songs: songs, loss: sums.meanLoss,
              activeTripletFraction: sums.activeTripletFraction))
        }
        state.parameters = network.parameters
        try finishEpoch(phase, sums: sums, network: network, state: &state)
        try checkpoint(state)
      }
      startNextPhase(after: phase, network: network, state: &state)
      try checkpoint(state)
    }
  }

  private func isFinished(_ phase: TrainingConfiguration.Phase, state: TrainingState) -> Bool {
    if state.epochsInPhase >= phase.epochs { return true }
    if state.history.last(where: { $0.phase == state.phase })?.collapse == .notFinite { return true }
    return phase.patience != nil && state.earlyStopping?.shouldStop == true
  }

  /// Cross-entropy takes every song once; the other losses need several songs of each class in a batch.
  private func batches(for phase: TrainingConfiguration.Phase, state: inout TrainingState) -> [[Int]] {
    switch phase.objective {
    case .crossEntropy:
      ShuffledBatchSampler(
        songCount: trainingLabels.count, batchSize: configuration.classesPerBatch * configuration.songsPerClass
      ).batches(using: &state.generator)
    case .triplet, .embedding:
      classBalancedBatches(using: &state.generator)
    }
  }

  private func classBalancedBatches(using generator: inout SeededGenerator) -> [[Int]] {
    let songsByCollection = LabelGroups(collections).songs
    let batches = songsByCollection.flatMap { songs in
      ClassBalancedSampler(
        labels: songs.map { trainingLabels[$0] }, classesPerBatch: configuration.classesPerBatch,
        songsPerClass: configuration.songsPerClass
      ).batches(using: &generator).map { batch in batch.map { songs[$0] } }
    }
    return songsByCollection.count > 1 ? batches.shuffled(using: &generator) : batches
  }

  /// Loss and gradient of one batch.
  private func backward(
    _ phase: TrainingConfiguration.Phase, embeddings: EmbeddingMatrix, logits: [Float], labels: [Int],
    network: some TrainableNetwork, generator: inout SeededGenerator, sums: inout EpochSums
  ) -> [Float] {
    switch phase.objective {
    case .crossEntropy:
      let evaluation = SoftmaxCrossEntropy(reduction: phase.reduction).evaluate(
        logits: logits, classCount: network.classCount, labels: labels)
      sums.addCrossEntropy(evaluation, songs: labels.count, reduction: phase.reduction)
      return network.backward(embeddingGradient: nil, logitGradient: evaluation.gradient)
    case .triplet(let miner, let margin):
      let distances = SquaredEuclideanDistance().matrix(of: embeddings)
      let triplets = miner.triplets(distances: distances, labels: labels, margin: margin, using: &generator)
      let evaluation = TripletMarginLoss(margin: margin, reduction: phase.reduction).evaluate(
        embeddings: embeddings, triplets: triplets)
      sums.addTriplets(evaluation, reduction: phase.reduction)
      return network.backward(embeddingGradient: evaluation.gradient.values, logitGradient: nil)
    case .embedding(var loss):
      loss.reduction = phase.reduction
      let evaluation = loss.evaluate(unscaled: embeddings, labels: labels)
      sums.add(evaluation, reduction: phase.reduction)
      return network.backward(embeddingGradient: evaluation.gradient.values, logitGradient: nil)
    }
  }

  /// Validates, records the epoch and keeps the best weights.
  private func finishEpoch(
    _ phase: TrainingConfiguration.Phase, sums: EpochSums, network: some TrainableNetwork, state: inout TrainingState
  ) throws {
    // Without validation songs only a collapse is looked for, and some of the training songs are enough for that.
    let watched =
      validationLabels.isEmpty ? min(64, trainingLabels.count) : trainingLabels.count + validationLabels.count
    let embeddings = try network.embed(songs: Array(0..<watched))
    let validationMAP = validationLabels.isEmpty ? nil : meanAveragePrecision(of: embeddings)
    let record = EpochRecord(
      phase: state.phase, epoch: state.epochsInPhase + 1, loss: sums.meanLoss, accuracy: sums.accuracy,
      activeTripletFraction: sums.activeTripletFraction, tripletCount: sums.tripletCount,
      validationMAP: validationMAP, collapse: collapse(phase, sums: sums, embeddings: embeddings, state: &state))
    state.history.append(record)
    // If weights are not finite, songs rank in the order of the manifest: the MAP of that must not win.
    guard let validationMAP, record.collapse != .notFinite else { return }
    var watch = state.earlyStopping ?? EarlyStopping(goal: .highest, patience: phase.patience ?? .max)
    if watch.record(validationMAP) { state.bestParameters = network.parameters }
    state.earlyStopping = watch
  }

  private func collapse(
    _ phase: TrainingConfiguration.Phase, sums: EpochSums, embeddings: EmbeddingMatrix, state: inout TrainingState
  ) -> CollapseDetector.Finding? {
    switch phase.objective {
    case .crossEntropy:
      return sums.meanLoss?.isFinite == false || !embeddings.relativeSpread.isFinite ? .notFinite : nil
    case .triplet(_, let margin):
      var detector = state.collapse ?? CollapseDetector(margin: margin)
      defer { state.collapse = detector }
      return detector.record(meanLoss: sums.meanLoss, spread: embeddings.relativeSpread)
    case .embedding:
      // These losses have no margin at which a collapse would show: only the spread counts, or a loss that is not
      // finite.
      var detector = state.collapse ?? CollapseDetector(margin: 0)
      defer { state.collapse = detector }
      let divergedLoss = sums.meanLoss.flatMap { $0.isFinite ? nil : $0 }
      return detector.record(meanLoss: divergedLoss, spread: embeddings.relativeSpread)
    }
  }

  /// The MAP of the validation songs among all others, by cosine similarity.
  private func meanAveragePrecision(of embeddings: EmbeddingMatrix) -> Double {
    let labels = trainingLabels + validationLabels
    let evaluation = RetrievalEvaluation(references: labels.map { RetrievalSong(classIndex: $0) })
    let queries = Array(evaluation.everySongAsQuery.dropFirst(trainingLabels.count))
    let cosine = CosineSimilarity()
    let names = (0...(labels.max() ?? 0)).map(String.init)
    return evaluation.metrics(of: queries, classNames: names) { query, row in
      cosine.write(from: embeddings[trainingLabels.count + query], to: embeddings, into: &row)
    }.map
  }

  private func startNextPhase(
    after phase: TrainingConfiguration.Phase, network: some TrainableNetwork, state: inout TrainingState
  ) {
    if phase.keepsBest, let best = state.bestParameters { network.parameters = best }
    state.parameters = network.parameters
    state.bestParameters = nil
    state.optimiser = Optimiser.State()
    state.earlyStopping = nil
    state.collapse = nil
    state.phase += 1
  }
}

/// Sums over the batches of one epoch.
private struct EpochSums {
  private var loss = 0.0
  private var terms = 0
  private var correct: Int?
  private var active: Int?

  var meanLoss: Double? { terms == 0 ? nil : loss / Double(terms) }
  var accuracy: Double? { terms == 0 ? nil : correct.map { Double($0) / Double(terms) } }
  var activeTripletFraction: Double? { terms == 0 ? nil : active.map { Double($0) / Double(terms) } }
  var tripletCount: Int? { active == nil ? nil : terms }

  mutating func addCrossEntropy(_ evaluation: SoftmaxCrossEntropy.Evaluation, songs: Int, reduction: LossReduction) {
    add(evaluation.loss, terms: songs, reduction: reduction)
    correct = (correct ?? 0) + evaluation.correctCount
  }

  mutating func addTriplets(_ evaluation: TripletMarginLoss.Evaluation, reduction: LossReduction) {
    add(evaluation.loss, terms: evaluation.tripletCount, reduction: reduction)
    active = (active ?? 0) + evaluation.activeCount
  }

  mutating func add(_ evaluation: EmbeddingLossEvaluation, reduction: LossReduction) {
    add(evaluation.loss, terms: evaluation.termCount, reduction: reduction)
  }

  private mutating func add(_ value: Double, terms count: Int, reduction: LossReduction) {
    loss += reduction == .sum ? value : value * Double(count)
    terms += count
  }
}
