import Akin

/// Indexes a folder of music, and returns the ten songs that sound most like one: a file, or words of its title.
func songs(soundingLike song: String, in folder: String, library: String) throws -> [Recommendation] {
  let catalogue = try Catalogue(path: library)
  let indexer = Indexer(catalogue: catalogue, model: .standard, threads: 4)
  let summary = try indexer.index([folder])  // Later only what is new or changed.
  for (path, reason) in summary.skipped { print("left out \(path): \(reason)") }

  let recommender = try Recommender(catalogue: catalogue, model: .standard)
  return try recommender.similar(to: recommender.query(named: song), count: 10)
}
