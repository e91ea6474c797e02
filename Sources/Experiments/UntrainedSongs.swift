import AudioFeatures
import Datasets
import MetricLearning
import SongModels
import Training

/// All songs by what needs no network of an experiment's own.
package struct UntrainedSongs: Sendable {
  let songs: Manifest
  /// The vectors of models, by the models' identifiers.
  let vectors: [String: [Float]]
  /// The descriptors of each song's halves, the two beside each other; nil where they are not asked for.
  let halves: [Float]?
  /// musly's distances; nil where they are not asked for.
  let distances: DistanceMatrix?

  /// All songs; `vectors` and `halves` row by row in their order.
  package init(
    songs: Manifest, vectors: [String: [Float]], halves: [Float]? = nil, distances: DistanceMatrix? = nil
  ) {
    self.songs = songs
    self.vectors = vectors
    self.halves = halves
    self.distances = distances
  }

  /// The songs by a model's vectors.
  func songs(by model: EmbeddingModel) throws -> ComparedSongs {
    try ComparedSongs(model: model, vectors: vectors(of: model), count: songs.songs.count)
  }

  /// The songs by a model that compares descriptors.
  func songs(comparedBy model: EmbeddingModel) throws -> ComparedSongs {
    try ComparedSongs(model: model, vectors: vectors(of: .descriptor), count: songs.songs.count)
  }

  /// The songs by musly's distances.
  var songsByTimbre: ComparedSongs {
    guard let distances else { preconditionFailure("no distances were made") }
    return ComparedSongs(distances: distances)
  }

  /// The baseline's vectors on the axes that tell the classes of the training songs apart, and of no others.
  ///
  /// The covariances are shrunk. If every class has one or two songs, they cannot be; then directions in which the songs
  /// of a class do not differ are left out instead.
  ///
  /// - Throws: `ModelFittingError` where there are too few songs.
  package func discriminants(fittedTo split: ExperimentSplit) throws -> EmbeddingMatrix {
    let baseline = EmbeddingMatrix(
      count: songs.songs.count, dimension: EmbeddingModel.mfcc.dimension, values: vectors(of: .mfcc))
    let rows = trainingSongs(of: split)
    let numbers = SongLabels(songs.songs)
    let (vectors, labels) = (baseline.selecting(rows), rows.map { numbers.classIndex(of: songs.songs[$0]) ?? 0 })
    let analysis: LinearDiscriminantAnalysis
    do {
      analysis = try LinearDiscriminantAnalysis(vectors: vectors, labels: labels, shrinkage: .ledoitWolf)
    } catch .singular {
      analysis = try LinearDiscriminantAnalysis(vectors: vectors, labels: labels)
    }
    return analysis.project(baseline)
  }

  /// How descriptors are compared, learned from the training songs and no others.
  ///
  /// - Throws: `DatasetError` where there are too few songs.
  package func learnedDescriptor(fittedTo split: ExperimentSplit) throws -> DescriptorModel {
    guard let halves else { preconditionFailure("no descriptors of halves were made") }
    let (vectors, count) = (vectors(of: .descriptor), SongDescriptor.count)
    let described = trainingSongs(of: split).map { song in
      DescribedSong(
        song: songs.songs[song], whole: Array(vectors[song * count..<(song + 1) * count]),
        halves: [2 * song, 2 * song + 1].map { Array(halves[$0 * count..<($0 + 1) * count]) })
    }
    return try DescriptorLearner(songs: songs).learn(from: described)
  }

  private func trainingSongs(of split: ExperimentSplit) -> [Int] {
    let training = split.parts.training
    let paths = Set(training.songs.map(training.filePath))
    return songs.songs.indices.filter { paths.contains(songs.filePath(of: songs.songs[$0])) }
  }

  private func vectors(of model: EmbeddingModel) -> [Float] {
    guard let vectors = vectors[model.identifier] else { preconditionFailure("no vectors of \(model.name) were made") }
    return vectors
  }
}
