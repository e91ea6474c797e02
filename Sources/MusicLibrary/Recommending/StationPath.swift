import Catalogue
import NearestNeighbors
import SearchSpaces

/// A song that a path visits.
struct PathStop {
  var row: Int
  var point: SongPoint
}

/// A path through several songs, in small steps between each two of them.
struct StationPath {
  private let stops: [PathStop]
  private let request: PlaylistRequest
  private let index: SongIndex<TrackID>
  private let recordings: Recordings
  private let isAllowed: @Sendable (_ row: Int) -> Bool
  private var legs: [Leg] = []

  /// What lies between two stations.
  private struct Leg {
    /// The rows that a path may visit, with the start first and the end last.
    var rows: [Int]
    var path: SongPath
  }

  init(
    stops: [PathStop], request: PlaylistRequest, in index: SongIndex<TrackID>, recordings: Recordings,
    where isAllowed: @escaping @Sendable (_ row: Int) -> Bool
  ) throws(NearestNeighborsError) {
    self.stops = stops
    self.request = request
    self.index = index
    self.recordings = recordings
    self.isAllowed = isAllowed
    var used = Set(stops.map { recordings.recording($0.row) })
    for (start, end) in zip(stops, stops.dropFirst()) {
      let rows = [start.row] + (try candidates(from: start, to: end, used: &used)) + [end.row]
      legs.append(Leg(rows: rows, path: SongPath(similarities: try index.similarities(among: rows))))
    }
  }

  /// At most how many songs are considered for the way between two stations.
  private var mostCandidates: Int { max(60, 240 / (stops.count - 1)) }

  /// Songs near some places on the way, no recording twice. A song belongs to one leg only.
  private func candidates(
    from start: PathStop, to end: PathStop, used: inout Set<UInt64>
  ) throws(NearestNeighborsError) -> [Int] {
    let places = 9
    var points: [SongPoint] = []
    for place in 0..<places {
      points.append(
        try index.point(between: start.point, and: end.point, share: (Float(place) + 0.5) / Float(places)))
    }
    let found = try index.rows(near: points, count: mostCandidates, where: isAllowed)
    var rows: [Int] = []
    for rank in 0..<mostCandidates {
      for list in found where rank < list.count && rows.count < mostCandidates {
        if used.insert(recordings.recording(list[rank])).inserted { rows.append(list[rank]) }
      }
    }
    return rows
  }

  /// The songs of the path, its stations among them.
  mutating func songs(lookUp: ([TrackID]) throws -> [TrackID: Track]) throws -> [Recommendation] {
    let tracks = try lookUp(Array(Set(legs.flatMap(\.rows))).map { index.index.ids[$0] })
    func track(_ row: Int) -> Track? { tracks[index.index.ids[row]] }
    var leftOut = [Set<Int>](repeating: [], count: legs.count)
    for leg in legs.indices {
      leftOut[leg] = Set(legs[leg].rows.indices.filter { track(legs[leg].rows[$0]) == nil })
    }
    var rows = best(leftOut, track: track)
    // A song that repeats an artist too often is taken off the map, and the path sought anew.
    for _ in 0..<200 {
      guard let (leg, place) = firstRepeated(rows, track: track) else { break }
      leftOut[leg].insert(place)
      rows = best(leftOut, track: track)
    }
    return try recommendations(rows.map(\.row), track: track)
  }

  /// A song of the path: its row, and which candidate of which leg it is.
  private typealias Visit = (row: Int, leg: Int, place: Int)

  /// The path of the length that is asked for, or else the longest one.
  private func best(_ leftOut: [Set<Int>], track: (Int) -> Track?) -> [Visit] {
    switch request.length {
    case .songs(let count):
      return visits(songs: count, paths(songs: count, leftOut))
    case .minutes(let minutes):
      let wanted = minutes * 60
      func seconds(_ visits: [Visit]) -> Double { visits.reduce(0) { $0 + (track($1.row)?.duration ?? 0) } }
      // More songs may take less time, if they are shorter ones: so all numbers are tried.
      let lengths = legs.flatMap(\.rows).compactMap { track($0)?.duration }.sorted()
      let typical = max(1, lengths.isEmpty ? 240 : lengths[lengths.count / 2])
      let most = stops.count + 10 + Int(min(1000, 2 * wanted / typical))
      let paths = paths(songs: most, leftOut)
      let candidates = (stops.count...most).map { visits(songs: $0, paths) }
      return candidates.min { abs(seconds($0) - wanted) < abs(seconds($1) - wanted) } ?? []
    }
  }

  /// The paths of each leg by their number of songs, up to that of the whole.
  private func paths(songs count: Int, _ leftOut: [Set<Int>]) -> [[[Int]]] {
    zip(legs, leftOut).map { $0.path.paths(upTo: max(0, count - stops.count) + 2, leavingOut: $1) }
  }

  /// The path of a number of songs, or fewer if there are no more, shared among the legs by how far apart their ends are.
  private func visits(songs count: Int, _ paths: [[[Int]]]) -> [Visit] {
    let between = max(0, count - stops.count)
    var shares = [Int](repeating: 0, count: legs.count)
    let lengths = legs.map { leg in Double(1 - leg.path.direct) }
    // The leg whose songs would be furthest apart gets the next one.
    for _ in 0..<between {
      let open = legs.indices.filter { shares[$0] + 1 < paths[$0].count }
      guard let leg = open.max(by: { lengths[$0] / Double(shares[$0] + 1) < lengths[$1] / Double(shares[$1] + 1) })
      else { break }
      shares[leg] += 1
    }
    var visits: [Visit] = []
    for leg in legs.indices {
      let path = paths[leg][shares[leg]]
      // The end is the next leg's start.
      for place in leg == legs.count - 1 ? path[...] : path.dropLast() {
        visits.append((legs[leg].rows[place], leg, place))
      }
    }
    return visits
  }

  /// The first song on the way that comes too soon after, or too often beside, others like it.
  private func firstRepeated(_ visits: [Visit], track: (Int) -> Track?) -> (leg: Int, place: Int)? {
    let stations = Set(stops.map(\.row))
    var limits = RepeatLimits(request.diversity)
    // Stations stay, whatever they repeat, and count from the beginning for limits on the whole.
    for visit in visits where stations.contains(visit.row) { if let track = track(visit.row) { limits.count(track) } }
    for visit in visits {
      guard let track = track(visit.row) else { continue }
      if stations.contains(visit.row) {
        limits.follow(track)
      } else if limits.allow(track) {
        limits.add(track)
      } else {
        return (visit.leg, visit.place)
      }
    }
    return nil
  }

  private func recommendations(
    _ rows: [Int], track: (Int) -> Track?
  ) throws(NearestNeighborsError) -> [Recommendation] {
    let among = try index.similarities(among: rows)
    return rows.indices.compactMap { place in
      track(rows[place]).map { track in
        Recommendation(
          track: track, similarity: among[0][place],
          pathPlace: .init(step: place > 0 ? among[place - 1][place] : nil, toEnd: among[place][rows.count - 1]))
      }
    }
  }
}
