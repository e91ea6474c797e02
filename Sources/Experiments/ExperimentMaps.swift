import Datasets
import Foundation
import MetricLearning
import NearestNeighbors

/// A map of songs by a feature set, made by t-SNE (paper, Figures 2 to 6).
public struct FeatureMap: Sendable, Hashable {
  /// The feature set.
  public var featureSet: FeatureSet
  /// The songs that are shown, by their index among the experiment's songs.
  public var songs: [Int]
  /// The position of each of these on the plane.
  public var coordinates: [SIMD2<Float>]
  /// The songs that were not used to fit the feature set; empty if it is not fitted to a split.
  public var unseen: Set<Int>

  package init(featureSet: FeatureSet, songs: [Int], coordinates: [SIMD2<Float>], unseen: Set<Int>) {
    self.featureSet = featureSet
    self.songs = songs
    self.coordinates = coordinates
    self.unseen = unseen
  }
}

/// Makes a map of the songs by each feature set; by that of the first split, if it is fitted to one.
struct ExperimentMaps {
  let plan: ExperimentPlan
  let songs: Manifest
  let folder: ExperimentFolder
  let untrained: UntrainedSongs

  /// The largest number of songs on a map that people can read; of more songs, so many are chosen evenly.
  static let mostSongs = 2000

  /// The maps in the order of the tables; those that exist already are read.
  func maps(
    of results: ExperimentResults, threads: Int, report: @escaping (ExperimentEvent) throws -> Void
  ) throws -> [FeatureMap] {
    try results.configuration.featureSets.compactMap { featureSet in
      guard featureSet.hasNeighbours, let compared = try compared(featureSet) else { return nil }
      try report(.mapping(featureSet))
      let shown = self.shown
      return FeatureMap(
        featureSet: featureSet, songs: shown,
        coordinates: try coordinates(featureSet, compared, shown, threads: threads) {
          try report(.mapping(featureSet))
        },
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

  /// The songs as a feature set compares them; nil if the feature set could not be made in the first split.
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
        .map(ComparedSongs.init(coordinates:))
    }
  }

  private func coordinates(
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
    let coordinates: [SIMD2<Float>]
    do {
      coordinates = try Self.coordinates(compared, shown, threads: threads, progress)
    } catch {
      throw failure ?? error
    }
    try folder.write(coordinates.flatMap { [$0.x, $0.y] }, dimension: 2, to: file)
    return coordinates
  }

  private static func coordinates(
    _ compared: ComparedSongs, _ shown: [Int], threads: Int, _ progress: @escaping (TSNEProgress) -> Bool
  ) throws -> [SIMD2<Float>] {
    let tsne = TSNE()
    guard let vectors = compared.coordinates else {
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
