import AudioFeatures
import SongModels

/// An aspect of the sound as a model's search vectors hold it.
package struct SpaceAspect: Sendable, Hashable {
  /// The aspect.
  package let aspect: SoundAspect
  /// The indices of its values in a search vector.
  package let range: Range<Int>
  /// How much it counts, on a scale on which timbre counts 1: the square of its length in search vectors, up to a factor
  /// that all aspects share.
  package let standardWeight: Float
}

extension EmbeddingModel {
  /// The aspects that it tells apart, in the order of their values, so that a cosine is a sum over them; none for a model
  /// whose vectors are one whole.
  ///
  /// Of a model that is joined they are those of the descriptor, and as the character what all other parts say.
  package var aspects: [SpaceAspect] {
    if measuresDescriptor {
      return SoundAspect.ofDescriptor.map {
        SpaceAspect(aspect: $0, range: $0.range, standardWeight: $0.standardWeight)
      }
    }
    guard case .joined(let joined) = method, let descriptor = joined.parts.first, descriptor.model.measuresDescriptor
    else { return [] }
    let aspects = descriptor.model.aspects
    // Each part is brought to a length by its weight, that of a descriptor with all its aspects.
    let unit = Double(aspects.reduce(0) { $0 + $1.standardWeight }) / descriptor.weight
    let others = joined.parts.dropFirst().reduce(0) { $0 + $1.weight }
    return aspects + [
      SpaceAspect(
        aspect: .character, range: descriptor.model.dimension..<dimension, standardWeight: Float(others * unit))
    ]
  }

  /// Whether it tells aspects apart.
  package var hasAspects: Bool { !aspects.isEmpty }

  /// Why these weights say nothing of the model's songs; nil if they do.
  package func fault(of weights: SoundWeights) -> SoundWeights.Fault? {
    let aspects = aspects
    if let unknown = weights.named.first(where: { name in !aspects.contains { $0.aspect == name } }) {
      return .unknown(unknown)
    }
    return aspects.allSatisfy { weights[$0.aspect] == 0 } ? .nothing : nil
  }
}

extension SoundWeights {
  /// Why weights do not fit a model.
  package enum Fault: Sendable, Hashable {
    /// The model does not tell the aspect apart.
    case unknown(SoundAspect)
    /// All that the model tells apart counts 0.
    case nothing
  }

  /// The square of what multiplies each of a model's aspects.
  func shares(of aspects: [SpaceAspect]) -> [Float] {
    aspects.map { (self[$0.aspect] ?? $0.standardWeight) / $0.standardWeight }
  }

  /// Whether they have the ratios of a model's own weights, which are no round numbers as they are stored.
  package func isStandard(of model: EmbeddingModel) -> Bool {
    let shares = shares(of: model.aspects)
    guard let least = shares.min(), let most = shares.max() else { return true }
    return most - least <= 1e-4 * most
  }
}
