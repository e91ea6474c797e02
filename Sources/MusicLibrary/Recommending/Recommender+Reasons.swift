import Catalogue
import NearestNeighbors
import SearchSpaces
import SongModels

extension Recommender {
  /// An answer with the reasons of its songs: what each shares with the seed that it is most like, or on a path with the
  /// song before it. The first song of a path has none.
  ///
  /// - Throws: `LibraryError.noAspects` for a model that compares songs as a whole; what a damaged index throws.
  public func explained(_ answer: PlaylistAnswer) throws -> PlaylistAnswer {
    guard model.hasAspects else { throw LibraryError.noAspects(model: model.name) }
    var answer = answer
    let measures = try catalogue.measures(of: answer.songs.map(\.track.id))
    let queries = answer.like.flatMap(\.queries)
    let seeds = try index.tracks(ids: queries.compactMap(\.id))
    try index.answer { songs in
      let scales = try songs.aspectScales()
      let found = answer.songs.compactMap { song in songs.row(of: song.track.id).map { (song.track, row: $0) } }
      guard found.count == answer.songs.count else { return }
      let rows = found.map(\.row)
      let points = try rows.map { try songs.point(of: .row($0)) }
      let seedPoints = try queries.map { try songs.point(of: $0.question(of: songs)) }
      let nearness = try songs.similarities(of: rows, to: seedPoints)
      for place in rows.indices {
        let other: (track: Track?, point: SongPoint)
        if answer.stations.isEmpty {
          guard let seed = seedPoints.indices.max(by: { nearness[$0][place] < nearness[$1][place] }) else { return }
          other = (queries[seed].id.flatMap { seeds[$0] }, seedPoints[seed])
        } else {
          guard place > 0 else { continue }
          other = (found[place - 1].0, points[place - 1])
        }
        answer.songs[place].reason = Recommendation.Reason(
          song: other.track,
          aspects: songs.aspects(of: points[place], and: other.point, scales).map(SimilarityExplanation.Aspect.init),
          measures: measures[answer.songs[place].track.id])
      }
    }
    return answer
  }
}
