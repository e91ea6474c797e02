import MetricLearning
import SearchSpaces
import SongModels

/// All songs, as a feature set compares them.
struct ComparedSongs {
  /// The similarities of a song to every song, itself included; larger is closer.
  let similarities: (_ song: Int) throws -> [Float]
  /// The songs' coordinates, row by row; nil if only their distances are known.
  let coordinates: EmbeddingMatrix?

  /// Compares a model's vectors as `akin similar` does in a collection of these songs.
  init(model: EmbeddingModel, vectors: [Float], count: Int) throws {
    let songs = try SongIndex(model: model, ids: Array(0..<count), embeddings: vectors)
    // Vectors that a search does not move keep their lengths, which these distances see and the cosine does not.
    let values = model.refinement == nil ? songs.space.applied(to: vectors) : try songs.searchVectors()
    coordinates = EmbeddingMatrix(count: count, dimension: values.count / max(1, count), values: values)
    similarities = { song in try songs.similarities(to: .row(song)) }
  }

  /// Compares songs by the cosine of their vectors.
  init(coordinates: EmbeddingMatrix) {
    self.coordinates = coordinates
    similarities = { song in
      var row = [Float](repeating: 0, count: coordinates.count)
      CosineSimilarity().write(from: coordinates[song], to: coordinates, into: &row)
      return row
    }
  }

  /// Compares songs by given distances.
  init(distances: DistanceMatrix) {
    coordinates = nil
    similarities = { song in
      distances.values[song * distances.count..<(song + 1) * distances.count].map { -$0 }
    }
  }
}
