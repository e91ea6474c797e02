import MetricLearning

/// All songs by what needs no network of an experiment's own.
package struct UntrainedSongs: Sendable {
  let songs: Manifest
  /// The vectors of models, by the models' identifiers.
  let vectors: [String: [Float]]
  /// musly's distances; nil where they are not asked for.
  let distances: DistanceMatrix?

  /// All songs; `vectors` row by row in their order.
  package init(songs: Manifest, vectors: [String: [Float]], distances: DistanceMatrix?) {
    self.songs = songs
    self.vectors = vectors
    self.distances = distances
  }

  /// The songs by a model's vectors.
  func songs(by model: EmbeddingModel) throws -> ComparedSongs {
    try ComparedSongs(model: model, vectors: vectors(of: model), count: songs.songs.count)
  }

  /// The songs by musly's distances.
  var songsByTimbre: ComparedSongs {
    guard let distances else { preconditionFailure("no distances were made") }
    return ComparedSongs(distances: distances)
  }

  /// The baseline's vectors on the axes that tell the classes of the training songs apart, and of no others.
  ///
  /// The covariances are shrunk; those of classes of one or two songs do not let themselves, and where nothing else is
  /// there, directions in which songs of one class do not differ are left out instead.
  ///
  /// - Throws: `ModelFittingError` where there are too few songs.
  package func discriminants(fittedTo split: ExperimentSplit) throws -> EmbeddingMatrix {
    let baseline = EmbeddingMatrix(
      count: songs.songs.count, dimension: EmbeddingModel.mfcc.dimension, values: vectors(of: .mfcc))
    let training = split.parts.training
    let paths = Set(training.songs.map(training.filePath))
    let rows = songs.songs.indices.filter { paths.contains(songs.filePath(of: songs.songs[$0])) }
    let names = songs.classNames
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
    let (vectors, labels) = (baseline.selecting(rows), rows.map { numbers[songs.songs[$0].className] ?? 0 })
    let analysis: LinearDiscriminantAnalysis
    do {
      analysis = try LinearDiscriminantAnalysis(vectors: vectors, labels: labels, shrinkage: .ledoitWolf)
    } catch .singular {
      analysis = try LinearDiscriminantAnalysis(vectors: vectors, labels: labels)
    }
    return analysis.project(baseline)
  }

  private func vectors(of model: EmbeddingModel) -> [Float] {
    guard let vectors = vectors[model.identifier] else { preconditionFailure("no vectors of \(model.name) were made") }
    return vectors
  }
}
