import Catalogue
import NearestNeighbors
import SearchSpaces

extension Recommender {
  /// The song that `playlist` has first for a song alone: no copy of it, and nothing that is blocked; nil if there is none.
  public func nearest(to song: Query) throws -> Track? {
    let seed = Seed(.song, name: "", songs: Set([song.id].compactMap(\.self)), queries: [song])
    return try playlist(PlaylistRequest(length: .songs(1)), like: [seed], unlike: []).songs.first?.track
  }

  /// How alike two songs are: their similarity, the other's rank among the song's neighbours, and what they share.
  ///
  /// - Throws: What a damaged index throws.
  public func explanation(of song: Query, and other: Query) throws -> SimilarityExplanation {
    try index.answer { songs in
      let (asked, compared) = (song.question(of: songs), other.question(of: songs))
      let (point, otherPoint) = (try songs.point(of: asked), try songs.point(of: compared))
      let similarity = try songs.similarity(of: point, and: otherPoint)
      let (rank, count) = Self.rank(
        of: otherPoint, similarity: similarity, among: try songs.similarities(to: asked), beside: point,
        recordings: try index.recordings(of: songs))
      return SimilarityExplanation(
        similarity: similarity, rank: rank, songCount: count,
        aspects: songs.aspects(of: point, and: otherPoint, try songs.aspectScales()).map(
          SimilarityExplanation.Aspect.init))
    }
  }

  /// The place of a song among all, and how many places there are: as many as the library has other recordings than the
  /// song's own, whichever is asked about, and one more for a song that it does not hold. Equal similarities have the
  /// order of indexing.
  private static func rank(
    of other: SongPoint, similarity: Float, among similarities: [Float], beside song: SongPoint, recordings: Recordings
  ) -> (rank: Int, count: Int) {
    func known(_ point: SongPoint) -> [UInt64] { [point.known, point.row].compactMap { $0.map(recordings.recording) } }
    let (own, others) = (Set(known(song)), known(other))
    let row = other.known ?? other.row ?? similarities.count
    var (all, before): (Set<UInt64>, Set<UInt64>) = ([], [])
    for (place, value) in similarities.enumerated() {
      let recording = recordings.recording(place)
      if own.contains(recording) { continue }
      all.insert(recording)
      if value > similarity || value == similarity && place < row { before.insert(recording) }
    }
    let rank = before.subtracting(others).count + 1
    return (rank, max(rank, all.count + (others.isEmpty ? 1 : 0)))
  }
}
