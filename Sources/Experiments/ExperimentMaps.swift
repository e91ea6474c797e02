import Datasets
import Foundation
import MetricLearning
import NearestNeighbors

/// Where songs lie on a plane by a feature set: by t-SNE (paper, Figures 2 to 6).
public struct FeatureMap: Sendable, Hashable {
  /// The feature set.
  public var featureSet: FeatureSet
  /// The songs that are shown, by their places among the experiment's songs.
  public var songs: [Int]
  /// Where each of them lies.
  public var places: [SIMD2<Float>]
  /// The songs that what was fitted to the split had not seen; empty where nothing was.
  public var unseen: Set<Int>

  package init(featureSet: FeatureSet, songs: [Int], places: [SIMD2<Float>], unseen: Set<Int>) {
    self.featureSet = featureSet
    self.songs = songs
    self.places = places
    self.unseen = unseen
  }
}

/// Places the songs of each feature set on a plane: in the first split, where it is fitted to one.
struct ExperimentMaps {
  let plan: ExperimentPlan
  let songs: Manifest
  let folder: ExperimentFolder
  let untrained: UntrainedSongs

  /// More songs than these make pictures that nobody can read; as many are taken evenly from all.
  static let mostSongs = 2000

  /// The maps, in the order of the tables; those that were made before are read.
  func maps(
    of results: ExperimentResults, threads: Int, report: @escaping (ExperimentEvent) throws -> Void
  ) throws -> [FeatureMap] {
    try results.configuration.featureSets.compactMap { featureSet in
      guard featureSet.hasNeighbours, let compared = try compared(featureSet) else { return nil }
      try report(.mapping(featureSet))
      let shown = self.shown
      return FeatureMap(
        featureSet: featureSet, songs: shown,
        places: try places(featureSet, compared, shown, threads: threads) { try report(.mapping(featureSet)) },
        unseen: featureSet.isFittedToSplit ? unseen : [])
    }
  }

  private var shown: [Int] {
    let (count, all) = (min(songs.songs.count, Self.mostSongs), songs.songs.count)
    return (0..<count).map { $0 * all / count }
  }

  private var unseen: Set<Int> {
    guard let test = plan.splits.first?.parts.test else { return [] }
    let paths = Set(test.songs.map(test.filePath))
    return Set(songs.songs.indices.filter { paths.contains(songs.filePath(of: songs.songs[$0])) })
  }

  /// How a feature set compares the songs; nil where its first training failed.
  private func compared(_ featureSet: FeatureSet) throws -> ComparedSongs? {
    switch featureSet.method {
    case .chance: return nil
    case .model(let model): return try untrained.songs(by: model)
    case .timbre: return untrained.songsByTimbre
    case .learnedDescriptor:
      return try plan.splits.first.map { try untrained.songs(comparedBy: folder.learnedDescriptor(in: $0)) }
    case .discriminants, .training:
      guard let split = plan.splits.first else { return nil }
      return try folder.vectors(in: folder.vectorsFile(of: featureSet, in: split), count: songs.songs.count)
        .map(ComparedSongs.init(places:))
    }
  }

  private func places(
    _ featureSet: FeatureSet, _ compared: ComparedSongs, _ shown: [Int], threads: Int,
    check: @escaping () throws -> Void
  ) throws -> [SIMD2<Float>] {
    let file = folder.mapFile(of: featureSet)
    if let stored = try folder.vectors(in: file, count: shown.count, dimension: 2) {
      return shown.indices.map { SIMD2(stored[2 * $0], stored[2 * $0 + 1]) }
    }
    var failure: (any Error)?
    let progress: (TSNEProgress) -> Bool = { _ in
      do {
        try check()
        return true
      } catch {
        failure = error
        return false
      }
    }
    let places: [SIMD2<Float>]
    do {
      places = try Self.places(compared, shown, threads: threads, progress)
    } catch {
      throw failure ?? error
    }
    try folder.write(places.flatMap { [$0.x, $0.y] }, dimension: 2, to: file)
    return places
  }

  private static func places(
    _ compared: ComparedSongs, _ shown: [Int], threads: Int, _ progress: @escaping (TSNEProgress) -> Bool
  ) throws -> [SIMD2<Float>] {
    let tsne = TSNE()
    guard let vectors = compared.places else {
      let rows = try shown.map { song in
        let similarities = try compared.similarities(song)
        return shown.map { max(0, -similarities[$0]) }
      }
      return try tsne.map(distances: rows.flatMap { $0 }, count: shown.count, threads: threads, progress: progress)
        .coordinates
    }
    let selected = vectors.selecting(shown)
    return try tsne.map(
      selected.values, count: shown.count, dimension: selected.dimension, threads: threads, progress: progress
    ).coordinates
  }
}
