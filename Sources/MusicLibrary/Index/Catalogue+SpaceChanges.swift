import Catalogue
import Files
import SearchSpaces
import SongModels

extension Catalogue {
  /// What was learned for this library of how a model compares, in the order in which it is applied; nothing if the
  /// library does not know the model.
  ///
  /// - Throws: `CatalogueError`, and `LibraryError.unreadableSpace` for what is damaged.
  package func spaceChanges(of model: EmbeddingModel) throws -> [SpaceChange] {
    try space(of: model)?.changes ?? []
  }

  /// The revision of a model's vectors, and what was learned of how it compares, of one moment; nil if the library does
  /// not know the model.
  func space(of model: EmbeddingModel) throws -> (revision: Int64, changes: [SpaceChange])? {
    guard let stored = try revision(model: model.identifier, space: model.spaceIdentifier) else { return nil }
    let changes = try stored.learned.compactMap { learned -> SpaceChange? in
      guard let data = learned.data else { return nil }
      do throws(SpaceChange.FormatError) {
        return try SpaceChange(data: data, dimension: model.searchDimension)
      } catch {
        throw LibraryError.unreadableSpace(kind: learned.kind, library: path, reason: error.description)
      }
    }
    let order = SpaceChange.Kind.allCases
    return (
      stored.revision,
      order.flatMap { kind in changes.filter { $0.kind == kind } }
    )
  }
}

extension Catalogue {
  /// Keeps what came of a learning for a model: the lesson in any case, and the change if it is adopted.
  func keep(
    _ lesson: some Encodable, change: SpaceChange?, _ kind: SpaceChange.Kind, of model: EmbeddingModel
  ) throws(CatalogueError) {
    try store(
      LearnedSpace(
        space: model.spaceIdentifier, kind: kind.rawValue, record: JSON.text(lesson), data: change?.data),
      model: model.identifier)
  }

  /// What came of the last learning for a model; nil if there was none, or if the record cannot be read.
  func lesson<Lesson: Decodable>(
    _ kind: SpaceChange.Kind, of model: EmbeddingModel
  ) throws(CatalogueError) -> Lesson? {
    let stored = try learnedSpaces(model.spaceIdentifier).first { $0.kind == kind.rawValue }
    return stored.flatMap { try? JSON.value(from: $0.record) }
  }

  /// Forgets what was learned for a model.
  ///
  /// - Returns: Whether there was anything.
  func forget(_ kind: SpaceChange.Kind, of model: EmbeddingModel) throws(CatalogueError) -> Bool {
    try forgetLearnedSpace(model.spaceIdentifier, kind: kind.rawValue)
  }
}

extension [SpaceChange] {
  /// Another for other changes; nil if there are none.
  var identifier: String? {
    isEmpty ? nil : map(\.identifier).joined(separator: "-")
  }
}
