import AudioFeatures
import Catalogue
import Files
import NearestNeighbors
import SearchSpaces
import SongModels
import Synchronization

/// The songs of a catalogue as a model compares them, ready to be searched.
///
/// What is searched is derived from the catalogue and lies in a file beside it, to be read as it is. The file is made
/// if it is missing, no longer up to date or damaged; if it cannot be written, everything works without it.
package final class LibraryIndex: Sendable {
  private let catalogue: Catalogue
  private let model: EmbeddingModel
  private let note: @Sendable (String) -> Void
  private let current: Mutex<Content>
  /// The songs as they were compared last with other weights than the model's, and the revision that they are of.
  private let lastWeighted = Mutex<(weights: SoundWeights, content: Content)?>(nil)

  /// Which of the songs are one recording, and when that was read.
  private let lastRecordings = Mutex<(revision: Int64, changes: Int, recordings: Recordings)?>(nil)

  /// What a listener's answers are learned from, and the revision that it is of.
  private let lastEar = Mutex<(revision: Int64, songs: EarSongs)?>(nil)

  /// Songs, and the revision of the catalogue's vectors that they were made of.
  private typealias Content = (songs: SongIndex<TrackID>, revision: Int64)

  /// The songs that a model has heard; nil if it has heard none.
  ///
  /// - Parameter note: is told, in a sentence, of a damaged file that is made anew; called from any thread.
  package init?(
    catalogue: Catalogue, model: EmbeddingModel, note: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    guard let content = try Self.open(catalogue: catalogue, model: model, note: note) else { return nil }
    self.catalogue = catalogue
    self.model = model
    self.note = note
    current = Mutex(content)
  }

  /// Brings the file of a model up to date, so that the next start finds it.
  package static func refresh(
    catalogue: Catalogue, model: EmbeddingModel, note: (String) -> Void = { _ in }
  ) throws {
    _ = try open(catalogue: catalogue, model: model, note: note)
  }

  /// The songs. What reads their vectors belongs into `answer`.
  package var songs: SongIndex<TrackID> { current.withLock { $0.songs } }

  /// The tracks of songs that were found. A song that was forgotten since the index was made is left out.
  ///
  /// - Throws: `CatalogueError` with the reason `damaged` if a track has changed since it was stored, or if the catalogue
  ///   does not know a song, and has not changed: SQLite itself does not notice a bit that flipped.
  package func tracks(ids: [TrackID]) throws(CatalogueError) -> [TrackID: Track] {
    let tracks = try catalogue.tracks(ids: ids)
    let revision = current.withLock { $0.revision }
    if tracks.count < ids.count, try catalogue.revision(model: model.identifier) == revision {
      throw CatalogueError(.damaged, path: catalogue.path, action: "look up tracks", detail: "songs are missing")
    }
    return tracks
  }

  /// Which of the songs are one recording. Kept for those who ask many questions; what another process finds out is known
  /// with its next indexing.
  func recordings(of songs: SongIndex<TrackID>) throws(CatalogueError) -> Recordings {
    let (revision, changes) = (current.withLock { $0.revision }, catalogue.changes)
    if let last = lastRecordings.withLock({ $0 }), last.revision == revision, last.changes == changes {
      return last.recordings
    }
    let recordings = try Recordings(of: songs, in: catalogue)
    lastRecordings.withLock { $0 = (revision, changes, recordings) }
    return recordings
  }

  /// The songs as a listener's answers are learned from; nil if there are too few. Kept for those who ask many questions.
  func ear(of songs: SongIndex<TrackID>) throws -> EarSongs? {
    let revision = current.withLock { $0.revision }
    if let last = lastEar.withLock({ $0 }), last.revision == revision { return last.songs }
    guard let ear = try EarSongs(catalogue: catalogue, model: model, index: songs) else { return nil }
    lastEar.withLock { $0 = (revision, ear) }
    return ear
  }

  /// Asks the songs; if their file turns out to be damaged, it is made anew, and they are asked again.
  ///
  /// - Parameter weights: How much each aspect of the sound counts; nil as the model has it.
  /// - Throws: `LibraryError.noAspects` for weights of a model that compares songs as a whole; `noAspect` or
  ///   `noWeights` for those that do not fit the model's aspects.
  package func answer<Answer>(
    weights: SoundWeights? = nil, _ question: (SongIndex<TrackID>) throws -> Answer
  ) throws -> Answer {
    if let weights {
      guard model.hasAspects else { throw LibraryError.noAspects(model: model.name) }
      switch model.fault(of: weights) {
      case .unknown(let aspect): throw LibraryError.noAspect(aspect, model: model.name)
      case .nothing: throw LibraryError.noWeights(model: model.name)
      case nil: break
      }
    }
    do { return try question(songs(weighted: weights)) } catch NearestNeighborsError.damaged {
      note("\(LibraryIndexFile.changed(LibraryIndexFile(catalogue: catalogue.path, model: model).path))")
      guard let content = try Self.make(catalogue: catalogue, model: model) else {
        throw LibraryError.nothingHeard(by: model, in: catalogue.path)
      }
      current.withLock { $0 = content }
      return try question(songs(weighted: weights))
    }
  }

  private func songs(weighted weights: SoundWeights?) throws -> SongIndex<TrackID> {
    let content = current.withLock { $0 }
    guard let weights, !weights.isStandard(of: model) else { return content.songs }
    let last = lastWeighted.withLock { $0 }
    if let last, last.weights == weights, last.content.revision == content.revision { return last.content.songs }
    let songs = try content.songs.weighted(by: weights)
    lastWeighted.withLock { $0 = (weights, (songs, content.revision)) }
    return songs
  }

  /// What the file of a model holds, after it was brought up to date if it was not; nil if the model has no vectors in
  /// the catalogue.
  private static func open(
    catalogue: Catalogue, model: EmbeddingModel, note: (String) -> Void
  ) throws -> Content? {
    guard let (revision, changes) = try catalogue.space(of: model) else { return nil }
    do {
      let file = LibraryIndexFile(catalogue: catalogue.path, model: model)
      if let stored = try file.read(revision: revision, changes: changes) { return (stored, revision) }
    } catch { note("\(error)") }
    return try make(catalogue: catalogue, model: model)
  }

  /// The songs from the catalogue's vectors, which are written to the file if that is possible.
  private static func make(catalogue: Catalogue, model: EmbeddingModel) throws -> Content? {
    // What was learned goes with the vectors of one moment: another process may learn meanwhile.
    var space = try catalogue.space(of: model)
    var (ids, vectors, revision) = try vectors(of: model, in: catalogue)
    while let known = space, known.revision != revision {
      space = try catalogue.space(of: model)
      (ids, vectors, revision) = try self.vectors(of: model, in: catalogue)
    }
    guard !ids.isEmpty else { return nil }
    let songs = try SongIndex(model: model, changes: space?.changes ?? [], ids: ids, embeddings: consume vectors)
    do {
      try LibraryIndexFile(catalogue: catalogue.path, model: model).write(songs, revision: revision)
    } catch {
      // A folder that cannot be written to, or a full disk: the next start will be slow again, and nothing else.
    }
    return (songs, revision)
  }

  /// A model's vectors, none if they are of another dimension than the model's, and their revision. Nobody else holds
  /// them, so that they are gone once they are used: they may be most of the memory.
  private static func vectors(
    of model: EmbeddingModel, in catalogue: Catalogue
  ) throws -> (ids: [TrackID], values: [Float], revision: Int64) {
    let found = try catalogue.embeddings(model: model.identifier)
    guard found.dimension == model.dimension else { return ([], [], found.revision) }
    return (found.ids, found.values, found.revision)
  }
}
