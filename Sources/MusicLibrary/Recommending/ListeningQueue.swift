import Catalogue

/// Songs without an end, which follow what the listener does: what was liked and played to its end draws the queue
/// towards it, what was skipped or disliked pushes it away, and nothing comes back too soon.
public struct ListeningQueue: Sendable {
  private let recommender: Recommender
  private let seeds: [Seed]
  private let request: PlaylistRequest
  /// What was played before, by whatever player: it rests for a while.
  private var resting: Set<TrackID>
  /// What the listener did here, the oldest first.
  private var events: [(kind: Event.Kind, song: TrackID)] = []
  /// What was handed out, the oldest first.
  private var given: [TrackID] = []

  /// At least how many songs of others lie between two of an artist.
  public static let artistGap = 5
  /// How many of the last liked, played and skipped songs count.
  private static let remembered = 5

  /// A queue that begins with seeds.
  ///
  /// - Parameters:
  ///   - request: Its seeds, filters and diversity count, its length does not.
  ///   - playedSince: What was recorded as played since then does not come, in seconds since 1970.
  /// - Throws: As `Recommender.playlist`.
  public init(
    _ recommender: Recommender, request: PlaylistRequest, playedSince: Double = .infinity
  ) throws {
    try self.init(recommender, request: request, seeds: request.like.map(recommender.seed), playedSince: playedSince)
  }

  /// The same for seeds that were found already, in the place of the request's names.
  public init(
    _ recommender: Recommender, request: PlaylistRequest, seeds: [Seed], playedSince: Double = .infinity
  ) throws {
    guard !seeds.isEmpty else { throw LibraryError.noSeeds }
    self.recommender = recommender
    self.seeds = seeds
    var request = request
    if request.diversity.artistGap == nil { request.diversity.artistGap = Self.artistGap }
    request.diversity.isSoft = true
    self.request = request
    resting = Set(try recommender.catalogue.events([.played], since: playedSince).flatMap(\.songs))
  }

  /// Notes what the listener did with a song. Whoever wants it to outlive the queue records it in the catalogue, too.
  public mutating func note(_ kind: Event.Kind, song: TrackID) { events.append((kind, song)) }

  /// The next songs. If all were played, the queue begins again with what was played longest ago.
  ///
  /// - Throws: `CatalogueError`, and what a damaged index throws.
  public mutating func next(_ count: Int) throws -> [Recommendation] {
    var (like, unlike) = (seeds, [Seed]())
    for (kind, weight) in [(Event.Kind.liked, 1.0), (.played, 0.3)] {
      like += try recent(kind, weight: weight)
    }
    for (kind, weight) in [(Event.Kind.disliked, 1.0), (.skipped, 0.5)] {
      unlike += try recent(kind, weight: weight)
    }
    var request = request
    request.length = .songs(count)
    request.before = given.suffix(50).map(\.self)
    request.randomSeed &+= UInt64(given.count)
    while true {
      request.excluded = self.request.excluded.union(resting).union(given)
        .union(events.lazy.filter { $0.kind == .disliked || $0.kind == .skipped }.map(\.song))
      let songs = try recommender.playlist(request, like: like, unlike: unlike).songs
      if !songs.isEmpty || given.count <= 1 && resting.isEmpty {
        given += songs.map(\.track.id)
        return songs
      }
      // Everything was played: the older half may come again.
      if resting.isEmpty { given.removeFirst((given.count + 1) / 2) } else { resting = [] }
      request.before = given.suffix(50).map(\.self)
    }
  }

  private func recent(_ kind: Event.Kind, weight: Double) throws -> [Seed] {
    try events.lazy.filter { $0.kind == kind }.suffix(Self.remembered).compactMap { event in
      var seed = try recommender.seed(track: event.song)
      seed?.weight = weight
      return seed
    }
  }
}
