import AudioDecoding
import AudioFeatures
import AudioFiles
import Datasets
import Foundation
import MetricLearning
import NearestNeighbors
import SearchSpaces
import SongModels
import Tags

/// Learns from labelled songs which differences between descriptors do not count: those between songs of one class, and
/// those between the halves of one song, which need no label. Differences between genres are spared, so that what is
/// learned about artists does not harm genres. It takes little longer than listening to the songs.
public struct DescriptorLearner: Sendable {
  /// The songs. A column `collection` says where each comes from. Songs are compared only within their collection,
  /// since songs of two collections also differ by how they were recorded and encoded.
  public let songs: Manifest
  /// λ of `WithinClassNormalisation`; values from 100 to 300 measure alike (docs/default-model.md).
  public var strength = 200.0
  /// How many excerpts of a song are described, here and wherever the model is used.
  public var excerpts = Excerpts.middle
  /// The number of directions that are shrunk; values from 64 to 256 measure alike.
  public var directionCount = 128
  /// The number of directions between genres that are spared; values from 3 to 10 measure alike.
  public var sparedCount = 6
  /// Genres with fewer songs in a collection are not spared.
  public static let minimumSongsPerGenre = 4

  /// A learner of a dataset's songs.
  public init(songs: Manifest) { self.songs = songs }

  /// The model, and the songs that were left out.
  public struct Result: Sendable {
    /// The model.
    public var model: DescriptorModel
    /// Songs that could not be heard, and why; they take no part.
    public var skipped: [(path: String, reason: String)]
  }

  /// Listens to all songs and learns.
  ///
  /// - Parameter report: is told how many songs are done, from any thread, one call at a time; it may throw to stop.
  public func learn(threads: Int, report: (_ done: Int, _ of: Int) throws -> Void) throws -> Result {
    let (heard, skipped) = try listen(threads: threads, report: report)
    return Result(model: try learn(from: heard), skipped: skipped)
  }

  /// Learns from songs that were described before.
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
    return DescriptorModel(normalisation: normalisation, excerpts: excerpts, provenance: provenance)
  }

  // MARK: - Listening

  private func listen(
    threads: Int, report: (_ done: Int, _ of: Int) throws -> Void
  ) throws -> ([DescribedSong], [(path: String, reason: String)]) {
    let paths = songs.songs.map(songs.filePath)
    let listening = try SongListening(threads: threads) { try SongDescriptorExtractor() }
    let results = try listening.results(paths, progress: { try report($0, paths.count) }) { path, extractor in
      let heard = try AudioDecoder.decode(file: path, parts: DescribedSong.parts(excerpts)).map(\.samples)
      let samples = [heard[0]] + heard.dropFirst().filter { !$0.isEmpty }
      return (extractor.descriptor(ofExcerpts: samples).values, DescribedSong.halves(of: samples, extractor))
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

  /// The songs of one collection, in the space in which a search compares them.
  private struct Collection {
    /// The vectors of each class that has at least two songs.
    var classes: [[[Float]]]
    /// The vectors of each genre with enough songs; none if there are fewer than two such genres, or if the genres are
    /// the classes.
    var genres: [[[Float]]]
    private var halves: [[[Float]]]

    init(songs: [DescribedSong]) throws(NearestNeighborsError) {
      let space = try VectorSpace(model: .descriptor, fitting: songs.flatMap(\.whole), count: songs.count)
      let vectors = songs.map { space.applied(to: $0.whole) }
      func groups(_ label: KeyPath<Manifest.Song, String>, least: Int) -> [[[Float]]] {
        let indices = songs.indices.filter { !songs[$0].song[keyPath: label].isEmpty }
        return Dictionary(grouping: indices) { NameKey.key(of: songs[$0].song[keyPath: label]) }
          .filter { $0.value.count >= least }.sorted { $0.key < $1.key }
          .map { $0.value.map { vectors[$0] } }
      }
      classes = groups(\.className, least: 2)
      let genresAreClasses = songs.allSatisfy { $0.song.genre == $0.song.className }
      let found = genresAreClasses ? [] : groups(\.genre, least: minimumSongsPerGenre)
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
