import Catalogue
import NearestNeighbors
import SearchSpaces

extension Recommender {
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
        recordings: try Recordings(of: songs, in: catalogue))
      return SimilarityExplanation(
        similarity: similarity, rank: rank, songCount: count,
        aspects: songs.aspects(of: point, and: otherPoint, try songs.aspectScales()).map(
          SimilarityExplanation.Aspect.init))
    }
  }

  /// The place of a song among all, and how many places there are. Equal similarities have the order of indexing;
  /// recordings of the song itself have no place, and those of the other have its.
  private static func rank(
    of other: SongPoint, similarity: Float, among similarities: [Float], beside song: SongPoint, recordings: Recordings
  ) -> (rank: Int, count: Int) {
    func known(_ point: SongPoint) -> [UInt64] { [point.known, point.row].compactMap { $0.map(recordings.recording) } }
    let apart = Set(known(song) + known(other))
    let row = other.known ?? other.row ?? similarities.count
    var (all, before): (Set<UInt64>, Set<UInt64>) = ([], [])
    for (place, value) in similarities.enumerated() {
      let recording = recordings.recording(place)
      if apart.contains(recording) { continue }
      all.insert(recording)
      if value > similarity || value == similarity && place < row { before.insert(recording) }
    }
    return (before.count + 1, all.count + 1)
  }
}
