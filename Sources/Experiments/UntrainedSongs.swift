import AudioFeatures
import Datasets
import MetricLearning
import SongModels
import Training

/// All songs with the features that need no trained network.
package struct UntrainedSongs: Sendable {
  let songs: Manifest
  /// The vectors of built-in models, by the models' identifiers.
  let vectors: [String: [Float]]
  /// The descriptors of each song's halves, one after the other; nil if they are not asked for.
  let halves: [Float]?
  /// musly's distances; nil if they are not asked for.
  let distances: DistanceMatrix?

  /// All songs; `vectors` and `halves` hold one row for each, in the order of the songs.
  package init(
    songs: Manifest, vectors: [String: [Float]], halves: [Float]? = nil, distances: DistanceMatrix? = nil
  ) {
    self.songs = songs
    self.vectors = vectors
    self.halves = halves
    self.distances = distances
  }

  /// The songs, compared by a model's vectors.
  func songs(by model: EmbeddingModel) throws -> ComparedSongs {
    try ComparedSongs(model: model, vectors: vectors(of: model), count: songs.songs.count)
  }

  /// The songs, compared by a model that compares descriptors.
  func songs(comparedBy model: EmbeddingModel) throws -> ComparedSongs {
    try ComparedSongs(model: model, vectors: vectors(of: .descriptor), count: songs.songs.count)
  }

  /// The songs, compared by musly's distances.
  var songsByTimbre: ComparedSongs {
    guard let distances else { preconditionFailure("no distances were made") }
    return ComparedSongs(distances: distances)
  }

  /// The baseline's vectors, projected on the axes that tell the classes of the training songs apart. No other songs
  /// take part in fitting these axes.
  ///
  /// The covariances are shrunk. That is not possible if no class has more than two songs; then the directions in which
  /// the songs of a class do not differ are left out instead.
  ///
  /// - Throws: `ModelFittingError` if there are too few songs.
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

  /// A model that compares descriptors, learned from the training songs only.
  ///
  /// - Throws: `DatasetError` if there are too few songs.
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
