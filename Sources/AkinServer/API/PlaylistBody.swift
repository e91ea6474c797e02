import AudioFeatures
import Catalogue
import HTTPTypes
import MusicLibrary
import SongModels

/// A key of a JSON object, whatever it is.
struct AnyKey: CodingKey, Hashable {
  let stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  /// An object that may have some keys only: one more is a mistake that somebody wants to be told.
  func object(known: Set<String>) throws -> KeyedDecodingContainer<AnyKey> {
    let object = try container(keyedBy: AnyKey.self)
    if let other = object.allKeys.first(where: { !known.contains($0.stringValue) }) {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: codingPath,
          debugDescription:
            "there is no “\(other.stringValue)” here; there are \(known.sorted().joined(separator: ", "))"))
    }
    return object
  }
}

extension KeyedDecodingContainer<AnyKey> {
  func value<Value: Decodable>(_ name: String, _ type: Value.Type = Value.self) throws -> Value? {
    try decodeIfPresent(type, forKey: AnyKey(stringValue: name))
  }

  func value<Value: Decodable & Comparable>(_ name: String, in range: ClosedRange<Value>) throws -> Value? {
    guard let value: Value = try value(name) else { return nil }
    guard range.contains(value) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: codingPath + [AnyKey(stringValue: name)],
          debugDescription: "\(value) does not lie between \(range.lowerBound) and \(range.upperBound)"))
    }
    return value
  }
}

/// A seed as a request names it: `{"song": 12}`, `{"album": ID}`, `{"artist": ID}`, `{"genre": NAME}`, or several songs,
/// `{"songs": [1, 2]}`; each with a weight, if one is given. (No paths: a server does not open what a request names.)
struct SeedBody: Decodable {
  enum What { case song(TrackID), songs([TrackID]), album(String), artist(String), genre(String) }
  let what: What
  let weight: Double

  init(_ what: What) {
    self.what = what
    weight = 1
  }

  init(from decoder: any Decoder) throws {
    let object = try decoder.object(known: ["song", "songs", "album", "artist", "genre", "weight"])
    weight = try object.value("weight", in: 1e-6...1e6) ?? 1
    let found: [What?] = [
      try object.value("song", Int64.self).map { .song(TrackID(rawValue: $0)) },
      try object.value("songs", [Int64].self).map { .songs($0.map(TrackID.init)) },
      try object.value("album").map { .album($0) }, try object.value("artist").map { .artist($0) },
      try object.value("genre").map { .genre($0) },
    ]
    let named = found.compactMap(\.self)
    guard named.count == 1 else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "a seed is one of song, songs, album, artist, genre"))
    }
    what = named[0]
  }

  /// The seed.
  ///
  /// - Throws: `Problem` if the library does not have it, `LibraryError` if the model has not heard it.
  func seed(_ recommender: Recommender, _ collection: Collection) throws -> Seed {
    func ids(_ rows: [Int]) -> Set<TrackID> { Set(rows.map { collection.tracks[$0].id }) }
    var found: Seed?
    switch what {
    case .song(let id):
      let track = try collection.song(id)
      found = try recommender.seed(track: id)
      if found == nil { throw LibraryError.unheardSong(track.displayName, model: recommender.model.name) }
    case .songs(let ids):
      let known = ids.filter { collection.row($0) != nil }
      found = try recommender.seed(.playlist, name: "\(known.count) songs", songs: Set(known))
      if found == nil { throw Problem.missing("song of these") }
    case .album(let id):
      guard let album = collection.album(id) else { throw Problem.missing("album \(id)") }
      found = try recommender.seed(.album, name: album.name, songs: ids(album.tracks))
    case .artist(let id):
      guard let artist = collection.artist(id) else { throw Problem.missing("artist \(id)") }
      let songs = ids(artist.tracks + artist.albums.flatMap { collection.albums[$0].tracks })
      found = try recommender.seed(
        .artist, name: artist.name, songs: artist.tracks.isEmpty ? songs : ids(artist.tracks))
    case .genre(let name):
      guard let genre = collection.genre(named: name) else { throw Problem.missing("genre \(name)") }
      found = try recommender.seed(.genre, name: genre.name, songs: ids(genre.tracks))
    }
    guard var seed = found else { throw LibraryError.noSeeds }
    seed.weight = weight
    return seed
  }
}

/// A clause of a filter: `{"genre": NAME}`, `{"artist": NAME}`, `{"album": NAME}`, `{"folder": PATH}`, `{"song": ID}` or
/// `{"path": PATH}`, `{"shorter": SECONDS}`, `{"longer": SECONDS}`; or a range, `{"years": [1990, 1999]}`, and `seconds`,
/// `stars`, `tempo`, `loudness` in the same way.
struct ClauseBody: Decodable {
  private enum What { case clause(TrackFilter.Clause), song(TrackID) }
  private let what: What

  /// The clause.
  ///
  /// - Throws: `Problem` if the library does not have the song.
  func clause(in collection: Collection) throws -> TrackFilter.Clause {
    switch what {
    case .clause(let clause): return clause
    case .song(let id):
      return .song(try collection.song(id).path)
    }
  }

  /// The clause, if a block list may have it.
  func lastingClause(in collection: Collection) throws -> TrackFilter.Clause {
    let clause = try clause(in: collection)
    guard clause.isLasting else { throw Problem(.badRequest, "a block list has no clause about a \(clause.kind)") }
    return clause
  }

  init(from decoder: any Decoder) throws {
    let object = try decoder.object(
      known: [
        "genre", "artist", "album", "folder", "song", "path", "shorter", "longer", "years", "seconds", "stars", "tempo",
        "loudness",
      ])
    guard object.allKeys.count == 1, let name = object.allKeys.first?.stringValue else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "a clause has one key"))
    }
    func text() throws -> String { try object.decode(String.self, forKey: AnyKey(stringValue: name)) }
    func seconds() throws -> Double { try object.value(name, in: 0.001...1e9) ?? 0 }
    func range() throws -> ClosedRange<Double> {
      let ends = try object.decode([Double].self, forKey: AnyKey(stringValue: name))
      guard ends.count == 2, ends[0] <= ends[1], abs(ends[0]) <= 1e9, abs(ends[1]) <= 1e9 else {
        throw DecodingError.dataCorrupted(
          .init(
            codingPath: decoder.codingPath + [AnyKey(stringValue: name)],
            debugDescription: "a range is a list of its two ends, the lower first"))
      }
      return ends[0]...ends[1]
    }
    what =
      switch name {
      case "song": .song(TrackID(rawValue: try object.decode(Int64.self, forKey: AnyKey(stringValue: name))))
      case "genre": .clause(.genre(try text()))
      case "artist": .clause(.artist(try text()))
      case "album": .clause(.album(try text()))
      case "folder": .clause(.folder(try text()))
      case "path": .clause(.song(try text()))
      case "shorter": .clause(.shorter(than: try seconds()))
      case "longer": .clause(.longer(than: try seconds()))
      case "years": .clause(.years(try { Int($0.lowerBound)...Int($0.upperBound) }(range())))
      case "seconds": .clause(.seconds(try range()))
      case "stars": .clause(.stars(try range()))
      case "tempo": .clause(.tempo(try range()))
      default: .clause(.loudness(try range()))
      }
  }
}

/// A clause of the block list, as `ClauseBody` reads it.
struct ClauseJSON: Encodable {
  private let key: String
  private let text: String?
  private let number: Double?

  init(_ clause: TrackFilter.Clause) {
    // Of a song its path, since it may be gone.
    (key, text, number) =
      switch clause {
      case .song(let path): ("path", path, nil)
      case .genre(let name), .artist(let name), .album(let name), .folder(let name): (clause.kind, name, nil)
      case .shorter(let seconds): ("shorter", nil, seconds)
      case .longer(let seconds): ("longer", nil, seconds)
      case .years, .seconds, .stars, .tempo, .loudness:
        preconditionFailure("a block list has no clause about a \(clause.kind)")
      }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: AnyKey.self)
    try container.encodeIfPresent(text, forKey: AnyKey(stringValue: key))
    try container.encodeIfPresent(number, forKey: AnyKey(stringValue: key))
  }
}

/// What a playlist should be.
struct PlaylistBody: Decodable {
  let like, unlike, path: [SeedBody]
  private let only, not: [ClauseBody]
  let why: Bool
  /// What was played so many seconds ago or later does not come.
  let playedWithin: Double?
  /// What is asked for but for the filter.
  private(set) var request: PlaylistRequest

  static let keys: Set<String> = [
    "like", "unlike", "path", "count", "minutes", "only", "not", "weights", "atLeast", "perArtist", "perAlbum",
    "inARow", "variety", "surprise", "randomSeed", "withSeeds", "exclude", "before", "playedWithin", "why",
  ]

  init(from decoder: any Decoder) throws {
    let object = try decoder.object(known: Self.keys)
    func wrong(_ key: String, _ reason: String) -> DecodingError {
      .dataCorrupted(.init(codingPath: [AnyKey(stringValue: key)], debugDescription: reason))
    }
    like = try object.value("like") ?? []
    unlike = try object.value("unlike") ?? []
    path = try object.value("path") ?? []
    why = try object.value("why") ?? false
    playedWithin = try object.value("playedWithin", in: 0...1e12)
    if like.isEmpty && path.isEmpty { throw wrong("like", "a playlist needs a seed in “like”, or two in “path”") }
    if !path.isEmpty && (path.count < 2 || !like.isEmpty || !unlike.isEmpty) {
      throw wrong("path", "a path has two stations or more, and no other seeds")
    }
    let (count, minutes): (Int?, Double?) = (
      try object.value("count", in: 1...10_000), try object.value("minutes", in: 0.1...10_000)
    )
    if count != nil && minutes != nil { throw wrong("minutes", "a playlist has a count or minutes, not both") }
    if let count, count < path.count { throw wrong("count", "a path through \(path.count) songs has at least as many") }
    request = PlaylistRequest()
    request.length = minutes.map { .minutes($0) } ?? .songs(count ?? 20)
    only = try object.value("only") ?? []
    not = try object.value("not") ?? []
    if let weights: [String: Float] = try object.value("weights") {
      var values: [SoundAspect: Float] = [:]
      for (name, value) in weights {
        guard let aspect = SoundAspect(rawValue: name) else { throw wrong("weights", "there is no aspect “\(name)”") }
        values[aspect] = value
      }
      guard let weights = SoundWeights(values) else {
        throw wrong("weights", "weights lie between 0 and 1000, and not all of them are 0")
      }
      request.weights = weights
    }
    request.leastSimilarity = try object.value("atLeast", in: -1...1)
    request.diversity = Diversity(
      perArtist: try object.value("perArtist", in: 1...10_000), perAlbum: try object.value("perAlbum", in: 1...10_000),
      artistInARow: try object.value("inARow", in: 1...10_000), variety: try object.value("variety", in: 0...1) ?? 0,
      surprise: try object.value("surprise", in: 0...1) ?? 0)
    request.randomSeed = try object.value("randomSeed") ?? 0
    request.includesSeeds = try object.value("withSeeds") ?? false
    request.excluded = Set(try object.value("exclude", [Int64].self)?.map(TrackID.init) ?? [])
    request.before = try object.value("before", [Int64].self)?.map(TrackID.init) ?? []
  }

  /// The request with its filter.
  func filtered(in collection: Collection) throws -> PlaylistRequest {
    var request = request
    request.filter = TrackFilter(
      only: try only.map { try $0.clause(in: collection) }, not: try not.map { try $0.clause(in: collection) })
    // A page that stays open knows songs that are gone.
    request.before.removeAll { collection.row($0) == nil }
    return request
  }

  /// The playlist.
  func answer(_ snapshot: ServedLibrary.Snapshot, _ catalogue: Catalogue, now: Double) throws -> PlaylistAnswer {
    let recommender = try snapshot.asked(in: catalogue)
    func seeds(_ bodies: [SeedBody]) throws -> [Seed] {
      try bodies.map { try $0.seed(recommender, snapshot.collection) }
    }
    var request = try filtered(in: snapshot.collection)
    if let playedWithin {
      request.excluded.formUnion(try catalogue.events([.played], since: now - playedWithin).flatMap(\.songs))
    }
    let answer = try recommender.playlist(
      request, like: seeds(like), unlike: seeds(unlike), stations: seeds(path))
    return why ? try recommender.explained(answer) : answer
  }
}
