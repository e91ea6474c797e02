import AudioFeatures
import NearestNeighbors

/// How alike two songs are in one aspect of their sound.
package struct AspectSimilarity: Sendable, Hashable {
  /// The aspect.
  package let aspect: SoundAspect
  /// 1 for the same, about 0 for two songs of the collection drawn at random, down to -1: as a song's similarity is.
  package let similarity: Float
  /// Its summand in the cosine of the two songs' search vectors.
  package let contribution: Float
}

extension SongIndex {
  /// How many songs of the collection tell what is typical of an aspect.
  private static var sampleSize: Int { 300 }

  /// How the cosines of each aspect that the model tells apart are read: beside those of songs drawn at random. Takes
  /// some milliseconds; none if the model tells no aspects.
  ///
  /// - Throws: `NearestNeighborsError.damaged`.
  package func aspectScales() throws(NearestNeighborsError) -> [SoundAspect: CosineScale] {
    let sample = copies.sample(Self.sampleSize).map(index.vectors.values(ofRow:))
    try index.vectors.throwIfDamaged()
    var scales: [SoundAspect: CosineScale] = [:]
    for aspect in space.aspects {
      let values = sample.flatMap { $0[aspect.range] }
      scales[aspect.aspect] = CosineScale(of: try PackedVectors(values, dimension: aspect.range.count))
    }
    return scales
  }

  /// How alike two songs are in each aspect, as `scales` of this index read it.
  ///
  /// Each aspect has values of its own in search vectors, so that a cosine is a sum over aspects; each of them also has
  /// a cosine of its own.
  package func aspects(
    of one: SongPoint, and other: SongPoint, _ scales: [SoundAspect: CosineScale]
  ) -> [AspectSimilarity] {
    let areCopies = Self.areCopies(one, other, copies)
    let lengths = Self.length(one.vector[...]) * Self.length(other.vector[...])
    return space.aspects.compactMap { aspect in
      guard let scale = scales[aspect.aspect] else { return nil }
      let (a, b) = (one.vector[aspect.range], other.vector[aspect.range])
      let product = Self.product(a, b)
      let own = Self.length(a) * Self.length(b)
      return AspectSimilarity(
        aspect: aspect.aspect, similarity: areCopies ? 1 : scale.similarity(own > 0 ? Float(product / own) : 0),
        contribution: lengths > 0 ? Float(product / lengths) : 0)
    }
  }

  /// How alike two songs are, whether they are in the collection or not: as `similarities` has it.
  ///
  /// - Throws: `NearestNeighborsError.damaged`.
  package func similarity(of one: SongPoint, and other: SongPoint) throws(NearestNeighborsError) -> Float {
    if let row = other.known { return try similarities(of: [row], to: [one])[0][0] }
    if let row = one.known { return try similarities(of: [row], to: [other])[0][0] }
    let lengths = Self.length(one.vector[...]) * Self.length(other.vector[...])
    let cosine = lengths > 0 ? Float(Self.product(one.vector[...], other.vector[...]) / lengths) : 0
    switch scale {
    case .ofCosines(let scale): return scale.similarity(cosine)
    case .withoutHubs(let correction):
      guard let one = one.statistics, let other = other.statistics else { return cosine }
      return correction.similarity(cosine, one, other)
    }
  }

  private static func areCopies(_ one: SongPoint, _ other: SongPoint, _ copies: Copies) -> Bool {
    guard let one = one.known, let other = other.known else { return one.vector == other.vector }
    return copies.areEqual(one, other)
  }

  private static func product(_ one: ArraySlice<Float>, _ other: ArraySlice<Float>) -> Double {
    zip(one, other).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  private static func length(_ vector: ArraySlice<Float>) -> Double { product(vector, vector).squareRoot() }
}
