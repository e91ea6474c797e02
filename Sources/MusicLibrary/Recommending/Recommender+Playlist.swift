import Catalogue
import NearestNeighbors
import SearchSpaces

extension Recommender {
  /// The songs that a request asks for: the nearest to its seeds, or a path through its stations.
  ///
  /// No recording comes twice, and nothing on the library's block list.
  ///
  /// - Throws: What `seed` throws; `CatalogueError`; `LibraryError.noSeeds` for a request without seeds or with one
  ///   station; `LibraryError.noAspects` for weights that the model cannot give.
  public func playlist(_ request: PlaylistRequest) throws -> PlaylistAnswer {
    try playlist(
      request, like: request.like.map(seed), unlike: request.unlike.map(seed), stations: request.stations.map(seed))
  }

  /// The same for seeds that were found already, in the place of the request's names.
  public func playlist(
    _ request: PlaylistRequest, like: [Seed], unlike: [Seed], stations: [Seed] = []
  ) throws -> PlaylistAnswer {
    guard stations.count != 1, !(like.isEmpty && stations.isEmpty) else { throw LibraryError.noSeeds }
    return try index.answer(weights: request.weights) { songs in
      let recordings = try index.recordings(of: songs)
      let allowed = try AllowedSongs(
        songs, filter: request.filter, blocks: catalogue.blocks(), excluded: request.excluded, recordings: recordings,
        in: catalogue)
      let found =
        stations.isEmpty
        ? try nearest(request, like: like, unlike: unlike, allowed: allowed, recordings: recordings, in: songs)
        : try path(request, stations: stations, allowed: allowed, recordings: recordings, in: songs)
      return PlaylistAnswer(
        songs: found, like: like, unlike: unlike, stations: stations,
        filtered: try effect(of: request.filter, on: allowed))
    }
  }

  // MARK: - Nearest

  private func nearest(
    _ request: PlaylistRequest, like: [Seed], unlike: [Seed], allowed: AllowedSongs, recordings: Recordings,
    in songs: SongIndex<TrackID>
  ) throws -> [Recommendation] {
    let (likePoints, unlikePoints) = (try points(of: like, in: songs), try points(of: unlike, in: songs))
    // The seeds' songs, and recordings of the seeds and of what comes before, are heard already.
    let seeds = request.includesSeeds ? [] : likePoints.compactMap { $0.point.known ?? $0.point.row }
    let heard = Set((seeds + request.before.compactMap(songs.row)).map(recordings.recording))
    var passes = allowed.passes
    if !request.includesSeeds { for row in like.flatMap(\.songs).compactMap(songs.row) { passes[row] = false } }
    // Asked for thousands of rows: mostly one recording is heard, and compared sooner than looked up.
    let (few, marks) = (heard.count <= 4 ? Array(heard) : nil, recordings.marks)
    let isAllowed: @Sendable (Int) -> Bool = { [passes] row in
      passes[row] && !(few?.contains(marks[row]) ?? heard.contains(marks[row]))
    }
    var candidates = likePoints.count == 1 ? 1000 : max(50, 1500 / likePoints.count)
    while true {
      var pool = try SongPool(
        near: likePoints, unlike: unlikePoints, count: candidates, in: songs, where: isAllowed)
      if let least = request.leastSimilarity { pool.keep(atLeast: least) }
      var picker = SongPicker(request, pool: pool, in: songs, recordings: recordings) { ids in
        try index.tracks(ids: ids)
      }
      let picked = try picker.pick()
      if picker.isFull || pool.isComplete { return picked }
      candidates *= 4
    }
  }

  private func points(
    of seeds: [Seed], in songs: SongIndex<TrackID>
  ) throws -> [(point: SongPoint, weight: Double)] {
    try seeds.flatMap { seed in
      try seed.queries.map { query in
        (try songs.point(of: query.question(of: songs)), seed.weight / Double(seed.queries.count))
      }
    }
  }

  // MARK: - Path

  private func path(
    _ request: PlaylistRequest, stations: [Seed], allowed: AllowedSongs, recordings: Recordings,
    in songs: SongIndex<TrackID>
  ) throws -> [Recommendation] {
    var stops: [PathStop] = []
    for station in stations { stops.append(try stop(of: station, in: songs)) }
    for (place, pair) in zip(stops, stops.dropFirst()).enumerated() where pair.0.row == pair.1.row {
      throw LibraryError.samePlace(stations[place].name, stations[place + 1].name)
    }
    var path = try StationPath(stops: stops, request: request, in: songs, recordings: recordings) { row in
      allowed.passes[row]
    }
    return try path.songs { ids in try index.tracks(ids: ids) }
  }

  /// The song of a station: of several the one that the others are most like.
  private func stop(of seed: Seed, in songs: SongIndex<TrackID>) throws -> PathStop {
    let points = try seed.queries.map { try songs.point(of: $0.question(of: songs)) }
    let rows = points.compactMap(\.row)
    guard rows.count == points.count, !rows.isEmpty else { throw LibraryError.stationNotIndexed(seed.name) }
    let sums = try songs.similarities(of: rows, to: points).map { $0.reduce(0, +) }
    let best = sums.indices.max { sums[$0] < sums[$1] } ?? 0
    return PathStop(row: rows[best], point: points[best])
  }
}
