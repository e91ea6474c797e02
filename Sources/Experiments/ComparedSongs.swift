import MetricLearning
import SearchSpaces
import SongModels

/// All songs as a feature set compares them.
struct ComparedSongs {
  /// How similar a song is to each song, itself included; larger is closer.
  let similarities: (_ song: Int) throws -> [Float]
  /// Where the songs lie; nil where only their distances are known.
  let places: EmbeddingMatrix?

  /// Songs by a model's vectors, as `akin similar` compares them in a collection of these songs.
  init(model: EmbeddingModel, vectors: [Float], count: Int) throws {
    let songs = try SongIndex(model: model, ids: Array(0..<count), embeddings: vectors)
    // Vectors that a search does not move keep their lengths, which these distances see and the cosine does not.
    let placed = model.refinement == nil ? songs.space.applied(to: vectors) : songs.searchVectors
    places = EmbeddingMatrix(count: count, dimension: placed.count / max(1, count), values: placed)
    similarities = { song in try songs.similarities(to: .row(song)) }
  }

  /// Songs by the cosine of their vectors.
  init(places: EmbeddingMatrix) {
    self.places = places
    similarities = { song in
      var row = [Float](repeating: 0, count: places.count)
      CosineSimilarity().write(from: places[song], to: places, into: &row)
      return row
    }
  }

  /// Songs by their distances.
  init(distances: DistanceMatrix) {
    places = nil
    similarities = { song in
      distances.values[song * distances.count..<(song + 1) * distances.count].map { -$0 }
    }
  }
}
