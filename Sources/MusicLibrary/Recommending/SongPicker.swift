import Catalogue
import NearestNeighbors
import SearchSpaces

/// Picks the songs of a playlist from a pool, one after the other.
struct SongPicker {
  private let request: PlaylistRequest
  private let songs: SongIndex<TrackID>
  private var candidates: [SongPool.Song]
  private let lookUp: ([TrackID]) throws -> [TrackID: Track]
  private var tracks: [TrackID: Track] = [:]
  private let recordings: Recordings
  private var pickedRecordings: Set<UInt64> = []
  private var picked: [Recommendation] = []
  private var seconds = 0.0
  /// Whether the playlist is as long as it should be.
  private(set) var isFull = false

  init(
    _ request: PlaylistRequest, pool: SongPool, in songs: SongIndex<TrackID>, recordings: Recordings,
    lookUp: @escaping ([TrackID]) throws -> [TrackID: Track]
  ) {
    self.request = request
    self.songs = songs
    self.recordings = recordings
    self.lookUp = lookUp
    candidates = pool.ordered(
      surprise: request.diversity.surprise, randomSeed: request.randomSeed, ids: songs.index.ids)
  }

  mutating func pick() throws -> [Recommendation] {
    var limits = RepeatLimits(request.diversity)
    let before = try lookUp(request.before)
    for track in request.before.compactMap({ before[$0] }) { limits.add(track) }
    try fill {
      limits.allow($0)
    } added: {
      limits.add($0)
    }
    if !isFull, request.diversity.isSoft {
      try fill { _ in
        true
      } added: { _ in
      }
    }
    return picked
  }

  private mutating func fill(where allows: (Track) -> Bool, added: (Track) -> Void) throws {
    var variety = try Variety(request, candidates: candidates, songs: songs)
    while !isFull, let (place, track) = try next(variety, where: allows) {
      let song = candidates[place]
      guard add(Recommendation(track: track, similarity: song.similarity)) else { return }
      pickedRecordings.insert(recordings.recording(song.row))
      added(track)
      variety?.choose(place)
      candidates[place].row = -1
    }
  }

  /// The next candidate that may come; those that are gone or were picked have no row.
  private mutating func next(
    _ variety: Variety?, where allows: (Track) -> Bool
  ) throws -> (place: Int, track: Track)? {
    for place in variety?.order() ?? Array(candidates.indices) where candidates[place].row >= 0 {
      guard !pickedRecordings.contains(recordings.recording(candidates[place].row)) else { continue }
      guard let track = try track(at: place) else { continue }
      if allows(track) { return (place, track) }
    }
    return nil
  }

  private mutating func track(at place: Int) throws -> Track? {
    let ids = songs.index.ids
    let id = ids[candidates[place].row]
    if let track = tracks[id] { return track }
    // Those that are next are soon asked for.
    let some = candidates[place..<min(place + 50, candidates.count)].filter { $0.row >= 0 }.map { ids[$0.row] }
    try tracks.merge(lookUp(some)) { $1 }
    return tracks[id]
  }

  /// Adds a song; false if the playlist is nearer to its length without it.
  private mutating func add(_ song: Recommendation) -> Bool {
    switch request.length {
    case .songs(let count):
      picked.append(song)
      isFull = picked.count >= count
    case .minutes(let minutes):
      let (wanted, length) = (minutes * 60, song.track.duration ?? 0)
      if seconds + length - wanted > wanted - seconds, !picked.isEmpty {
        isFull = true
        return false
      }
      picked.append(song)
      seconds += length
      isFull = seconds >= wanted
    }
    return true
  }
}

/// Nearness against variety: maximal marginal relevance.
private struct Variety {
  /// At most how many candidates are weighed.
  static let most = 400

  private let weight: Float
  private let relevance: [Float]
  private let similarities: [[Float]]
  /// Of each candidate, the largest similarity to a song that was chosen.
  private var nearest: [Float]

  /// Nil if the request asks for no variety.
  init?(
    _ request: PlaylistRequest, candidates: [SongPool.Song], songs: SongIndex<TrackID>
  ) throws(NearestNeighborsError) {
    guard request.diversity.variety > 0 else { return nil }
    weight = request.diversity.variety
    let some = candidates.prefix(Self.most)
    relevance = some.map(\.similarity)
    similarities = try songs.similarities(among: some.map { max(0, $0.row) })
    nearest = [Float](repeating: -1, count: some.count)
  }

  mutating func choose(_ place: Int) {
    guard nearest.indices.contains(place) else { return }
    for other in nearest.indices { nearest[other] = max(nearest[other], similarities[place][other]) }
  }

  /// The candidates, the best first.
  func order() -> [Int] {
    let values = nearest.indices.map { (1 - weight) * relevance[$0] - weight * max(0, nearest[$0]) }
    return values.indices.sorted { values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1 }
  }
}
