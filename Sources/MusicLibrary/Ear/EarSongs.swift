import Catalogue
import MetricLearning
import NearestNeighbors
import Reproducibility
import SearchSpaces
import SongModels
import Synchronization

/// Songs of a library as a listener's answers are learned from: as the model compares them, with what the library's tags
/// taught, but without what the listener did.
final class EarSongs: Sendable {
  /// The model's features of two songs.
  let features: PairFeatures
  /// The parts of its vectors that can count more or less: its aspects, or the whole.
  let aspects: [SpaceAspect]
  private let catalogue: Catalogue
  private let model: EmbeddingModel
  private let space: VectorSpace
  /// Those that were asked about, kept for the next question.
  private let points = Mutex<[TrackID: PairFeatures.Point]>([:])

  /// How many directions are looked along, and how many songs tell which these are.
  private static let directions = 16, sampleSize = 1000

  /// The songs of a library; nil if there are fewer than three.
  init?(catalogue: Catalogue, model: EmbeddingModel, index: SongIndex<TrackID>) throws {
    let changes = index.space.changes.filter { $0.kind != .ear }
    guard let space = VectorSpace(model: model, standardisation: index.space.standardisation, changes: changes) else {
      preconditionFailure("the space of \(model.name) does not fit its own model")
    }
    (self.catalogue, self.model, self.space) = (catalogue, model, space)
    aspects = space.aspects
    let sample = index.copies.sample(Self.sampleSize).map { index.index.ids[$0] }
    let vectors = try sample.compactMap { try catalogue.embedding(of: $0, model: model.identifier) }
    guard vectors.count > 2 else { return nil }
    let parts = aspects.isEmpty ? [0..<model.searchDimension] : aspects.map(\.range)
    features = PairFeatures(
      of: Self.unit(vectors, in: space), parts: parts, directionCount: min(Self.directions, vectors.count / 4))
  }

  /// Vectors of the model as a search compares them, of length 1.
  private static func unit(_ vectors: [[Float]], in space: VectorSpace) -> EmbeddingMatrix {
    let values = space.applied(to: vectors.flatMap(\.self))
    return L2Normalisation().forward(
      EmbeddingMatrix(count: vectors.count, dimension: values.count / vectors.count, values: values)
    ).embeddings
  }

  /// A song; nil if it is no more in the library.
  private func point(of id: TrackID) throws -> PairFeatures.Point? {
    if let known = points.withLock({ $0[id] }) { return known }
    let point = try catalogue.embedding(of: id, model: model.identifier)
      .map { features.point(Self.unit([$0], in: space).values) }
    points.withLock { $0[id] = point }
    return point
  }

  /// Three songs, of which the last two belong together, and how alike any two of them are: that which was chosen first.
  struct Choice {
    fileprivate let points: [PairFeatures.Point]
    let features: [Float]
    let count: Double
  }

  /// The choice between three songs, or that which an answer made; nil if one of them is no more in the library.
  func choice(of songs: [TrackID], count: Double) throws -> Choice? {
    let points = try songs.compactMap { try point(of: $0) }
    guard points.count == 3 else { return nil }
    let pairs = [(1, 2), (0, 2), (0, 1)]
    return Choice(
      points: points, features: pairs.flatMap { features.values(points[$0.0], points[$0.1]) }, count: count)
  }

  /// Whether a search would find the two songs nearest to each other that were chosen.
  func foretells(_ choice: Choice, changedBy change: SpaceChange? = nil) -> Bool {
    var values = choice.points.flatMap(\.vector)
    change?.apply(to: &values)
    let vectors = EmbeddingMatrix(count: 3, dimension: features.dimension, values: values)
    func cosine(_ one: Int, _ other: Int) -> Float { CosineSimilarity()(vectors[one], vectors[other]) }
    return cosine(1, 2) > max(cosine(0, 1), cosine(0, 2))
  }
}

extension [EarSongs.Choice] {
  /// All of them, to be learned from.
  var joined: ConditionalLogit.Choices {
    var choices = ConditionalLogit.Choices(optionCount: 3)
    for choice in self {
      choices.features += choice.features
      choices.counts.append(choice.count)
    }
    return choices
  }
}
