import AudioDecoding
import AudioFiles
import Catalogue
import NearestNeighbors
import SearchSpaces
import SongModels
import Tags

extension Recommender {
  /// A song that is asked about. It belongs to the `Recommender` that made it.
  public struct Query: Sendable {
    /// The catalogue's number for the song; nil if the catalogue does not hold it.
    public let id: TrackID?
    /// The song that words were taken for; nil if a file was named, or a vector given.
    public fileprivate(set) var track: Track?
    /// Its vector.
    private let embedding: [Float]
    /// Whether that is the vector that the catalogue has of it.
    private let isStored: Bool

    /// A vector of the recommender's model; no song is left out of the answers.
    public init(embedding: [Float]) { self.init(id: nil, embedding: embedding, isStored: false) }

    init(id: TrackID?, embedding: [Float], isStored: Bool) {
      self.id = id
      self.embedding = embedding
      self.isStored = isStored
    }

    /// What it asks of an index. A track that was indexed after the index was made has no row there.
    func question(of songs: SongIndex<TrackID>) -> SongQuery {
      let row = id.flatMap(songs.row)
      return if isStored, let row { .row(row) } else { .embedding(embedding, excluding: row) }
    }
  }

  /// The song that a user names: a file, indexed or not, or words that title and artist of one indexed song contain.
  ///
  /// A file that has not changed since it was indexed is not read; of one that turned bad since, what was heard before
  /// answers. Words that a folder or another file without music has for its name mean a song all the same.
  ///
  /// - Throws: `AudioDecodingError` if the file cannot be read and was not heard before, and `LibraryError` if no song, or more than one, has
  ///   that name, or if the model has not heard it.
  public func query(named name: String) throws -> Query {
    let path = AudioFileWalk.absolutePath(name)
    let indexed = try indexed(name)
    if let stamp = try Self.stamp(path) {
      do {
        return try query(file: path, stamp: stamp, indexed: indexed)
      } catch let error as AudioDecodingError where indexed == nil && error.kind.isNoMusic && !name.contains("/") {
        guard let query = try query(words: name) else { throw error }
        return query
      }
    }
    if let indexed { return try query(of: indexed) }
    if let (sheet, _) = SheetSong.parts(of: path), try Self.stamp(sheet) != nil,
      AudioFileEndings.isAudio(sheet) || AudioFileEndings.isCueSheet(sheet),
      let song = try NamedSong.songs(at: path).first
    {
      return Query(embedding: try SongEmbedder(model).embed(song.source, path: path).embedding)
    }
    guard let query = try query(words: name) else {
      throw LibraryError.unknownSong(name, near: name.contains("/") ? [] : try names.near(name))
    }
    return query
  }

  /// The song that words mean; nil if there is none.
  private func query(words: String) throws -> Query? {
    guard let track = try names.track(named: words) else { return nil }
    var query = try query(of: track)
    query.track = track
    return query
  }

  /// A song of the library, as it was heard.
  ///
  /// - Throws: `LibraryError.unheardSong` if the model has not heard it.
  public func query(of track: Track) throws -> Query {
    guard let embedding = try catalogue.embedding(of: track.id, model: model.identifier) else {
      throw LibraryError.unheard(track.displayName, by: model)
    }
    return Query(id: track.id, embedding: embedding, isStored: true)
  }

  /// The track of a file, whatever name of it is given.
  func indexed(_ name: String) throws -> Track? {
    try names.track(path: name) ?? track(withOtherName: AudioFileWalk.absolutePath(name))
  }

  /// The track of the same file under another name: a hard link, or a path through a link.
  private func track(withOtherName path: String) throws(CatalogueError) -> Track? {
    guard let identity = FileIdentity(path: path) else { return nil }
    let states = try catalogue.fileStates(
      fileSize: identity.stamp.size, modificationTime: identity.stamp.modificationTime, model: nil)
    guard let same = states.first(where: { FileIdentity(path: $0.path) == identity }) else { return nil }
    return try catalogue.tracks(ids: [same.id])[same.id]
  }

  /// A file, and the track that the catalogue has of it.
  private func query(file path: String, stamp: FileStamp, indexed track: Track?) throws -> Query {
    guard let track else {
      return Query(embedding: try SongEmbedder(model).embed(file: path).embedding)
    }
    let stored = try catalogue.embedding(of: track.id, model: model.identifier)
    let isUnchanged = track.fileSize == stamp.size && track.modificationTime == stamp.modificationTime
    if isUnchanged, let stored { return Query(id: track.id, embedding: stored, isStored: true) }
    let embedding: [Float]
    do {
      embedding = try SongEmbedder(model).embed(file: path).embedding
    } catch let error as AudioDecodingError {
      guard let stored else { throw error }
      note("\(error) What was heard of it before answers.")
      return Query(id: track.id, embedding: stored, isStored: true)
    }
    // It may have been touched only, or got other tags.
    return Query(id: track.id, embedding: embedding, isStored: embedding == stored)
  }

  /// The stamp of a file; nil if there is no such file.
  private static func stamp(_ path: String) throws(AudioDecodingError) -> FileStamp? {
    do { return try FileStamp(path: path) } catch {
      if error.kind == .missing { return nil }
      throw error
    }
  }
}

extension AudioDecodingFailure {
  /// Whether it is no file of music at all: a folder, a text, a picture.
  fileprivate var isNoMusic: Bool {
    switch self {
    case .directory, .notRegularFile, .empty, .notAudio, .noAudioStream: true
    default: false
    }
  }
}
