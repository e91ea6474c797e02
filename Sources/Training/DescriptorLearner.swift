import AudioDecoding
import AudioFeatures
import AudioFiles
import Datasets
import Foundation
import MetricLearning
import NearestNeighbors
import SearchSpaces
import SongModels

/// Learns from labelled songs which differences between descriptors do not count: those between songs of one class, and between
/// the halves of one song, which need no label. Differences between genres are spared, so that learning artists is not
/// forgetting genres. Takes little longer than listening does.
public struct DescriptorLearner: Sendable {
  /// The songs. A column `collection` names where each comes from: collections are compared each for itself, since songs of two
  /// also differ by how they were recorded and coded.
  public let songs: Manifest
  /// λ of `WithinClassNormalisation`; from 100 to 300 measured alike (docs/default-model.md).
  public var strength = 200.0
  /// The number of directions that are shrunk; from 64 to 256 measured alike.
  public var directionCount = 128
  /// The number of directions between genres that are spared; from 3 to 10 measured alike.
  public var sparedCount = 6
  /// Genres with fewer songs in a collection are not spared.
  public static let leastSongsOfGenre = 4

  /// A learner of a dataset's songs.
  public init(songs: Manifest) { self.songs = songs }

  /// What came of it.
  public struct Result: Sendable {
    /// The model.
    public var model: DescriptorModel
    /// Songs that could not be heard, and why; they take no part.
    public var skipped: [(path: String, reason: String)]
  }

  /// Listens to all songs and learns.
  ///
  /// - Parameter report: told how many songs are done; throw from it to stop. Called on the calling thread.
  public func learn(threads: Int, report: (_ done: Int, _ of: Int) throws -> Void) throws -> Result {
    let (heard, skipped) = try listen(threads: threads, report: report)
    return Result(model: try learn(from: heard), skipped: skipped)
  }

  /// Learns from songs that were listened to.
  ///
  /// - Throws: `DatasetError` for fewer than two.
  package func learn(from described: [DescribedSong]) throws -> DescriptorModel {
    guard described.count >= 2 else {
      throw DatasetError(
        path: songs.folder.path, reason: "\(described.count) songs that can be described are too few to learn from",
        remedy: "Give at least two; some hundred of many artists are a good start.")
    }
    let column = songs.extraColumns.firstIndex(of: "collection")
    let collections = try Dictionary(grouping: described) { song in column.map { song.song.extra[$0] } ?? "" }
      .sorted { $0.key < $1.key }.map { try Collection(songs: $0.value) }
    let dimension = SongDescriptor.count
    let spared = WithinClassNormalisation.directions(between: collections.map(\.genres), count: sparedCount)
    let classes = Scatter.average(collections.map(\.scatterWithinClasses), dimension: dimension)
    let halves = Scatter.average(collections.map(\.scatterWithinSongs), dimension: dimension)
    let scatter = Scatter.average([classes, halves], dimension: dimension).removing(spared)
    let normalisation = WithinClassNormalisation(fitting: scatter, strength: strength, count: directionCount)
    let provenance = DescriptorModel.Provenance(
      songs: described.count, classes: collections.reduce(0) { $0 + $1.classes.count },
      genres: collections.reduce(0) { $0 + $1.genres.count }, strength: strength)
    return DescriptorModel(normalisation: normalisation, provenance: provenance)
  }

  // MARK: - Listening

  private func listen(
    threads: Int, report: (_ done: Int, _ of: Int) throws -> Void
  ) throws -> ([DescribedSong], [(path: String, reason: String)]) {
    let paths = songs.songs.map(songs.filePath)
    let listening = try SongListening(threads: threads) { try SongDescriptorExtractor() }
    let results = try listening.results(paths, progress: { try report($0, paths.count) }) { path, extractor in
      let part = DescribedSong.part
      let samples = try AudioDecoder.decode(file: path, excerpt: part.excerpt, sampleRate: part.sampleRate).samples
      return (extractor.descriptor(of: samples).values, DescribedSong.halves(of: samples, extractor))
    }
    var heard: [DescribedSong] = []
    var skipped: [(path: String, reason: String)] = []
    for (index, result) in results.enumerated() {
      switch result {
      case .success((let whole, let halves)):
        heard.append(DescribedSong(song: songs.songs[index], whole: whole, halves: halves))
      case .failure(let error): skipped.append((paths[index], error.reasonToSkip))
      }
    }
    return (heard, skipped)
  }

  // MARK: - Learning

  /// The songs of one collection in the space in which they are searched.
  private struct Collection {
    /// The vectors of each class that has at least two songs.
    var classes: [[[Float]]]
    /// The vectors of each genre with enough songs; none where there are fewer than two, or where genres are the classes.
    var genres: [[[Float]]]
    private var halves: [[[Float]]]

    init(songs: [DescribedSong]) throws(NearestNeighborsError) {
      let space = try VectorSpace(model: .descriptor, fitting: songs.flatMap(\.whole), count: songs.count)
      let vectors = songs.map { space.applied(to: $0.whole) }
      func groups(_ label: KeyPath<Manifest.Song, String>, least: Int) -> [[[Float]]] {
        let indices = songs.indices.filter { !songs[$0].song[keyPath: label].isEmpty }
        return Dictionary(grouping: indices) { songs[$0].song[keyPath: label] }
          .filter { $0.value.count >= least }.sorted { $0.key < $1.key }
          .map { $0.value.map { vectors[$0] } }
      }
      classes = groups(\.className, least: 2)
      let genresAreClasses = songs.allSatisfy { $0.song.genre == $0.song.className }
      let found = genresAreClasses ? [] : groups(\.genre, least: leastSongsOfGenre)
      genres = found.count > 1 ? found : []
      halves = songs.map { $0.halves.map(space.applied) }
    }

    var scatterWithinClasses: Scatter { scatter(classes) }
    var scatterWithinSongs: Scatter { scatter(halves) }

    private func scatter(_ groups: [[[Float]]]) -> Scatter {
      var scatter = Scatter(dimension: SongDescriptor.count)
      scatter.add(deviations: groups.flatMap(Scatter.deviations))
      return scatter
    }
  }
}
