/// Vectors, and what is known of each: who made it, what set it belongs to, and of which classes it is.
public struct LabelledVectors: Sendable {
  /// The vectors.
  public var vectors: EmbeddingMatrix
  /// The maker of each, such as a song's artist; nil if unknown.
  public var makers: [Int?]
  /// The set that each belongs to, such as an album; nil if it is in none.
  public var sets: [Int?]
  /// The classes of each, such as genres; none if unknown.
  public var classes: [[Int]]

  /// Labels, one for each vector; any numbers.
  public init(vectors: EmbeddingMatrix, makers: [Int?], sets: [Int?], classes: [[Int]]) {
    precondition(
      makers.count == vectors.count && sets.count == vectors.count && classes.count == vectors.count,
      "\(makers.count) makers, \(sets.count) sets, \(classes.count) lists of classes for \(vectors.count) vectors")
    self.vectors = vectors
    self.makers = makers
    self.sets = sets
    self.classes = classes
  }

  /// Some of the vectors.
  public func selecting(_ rows: [Int]) -> LabelledVectors {
    LabelledVectors(
      vectors: vectors.selecting(rows), makers: rows.map { makers[$0] }, sets: rows.map { sets[$0] },
      classes: rows.map { classes[$0] })
  }
}
