import Catalogue

/// Stores a song with the vector that a model made of it, finds the song by words, and returns the vector.
func storedVector(inCatalogue path: String) throws -> [Float]? {
  let catalogue = try Catalogue(path: path)
  try catalogue.store(model: .init(identifier: "example-1", name: "example", kind: "example", dimension: 3))
  try catalogue.store([
    IndexedTrack(
      path: "/music/song.flac", fileSize: 3_120_441, modificationTime: 1_700_000_000_000_000_000,
      tags: AudioTags(title: "Rain", artists: ["The Band"]), embeddings: ["example-1": [0.1, 0.5, 0.2]])
  ])
  guard let track = try catalogue.search("band rain").first else { return nil }
  return try catalogue.embedding(of: track.id, model: "example-1")
}
