import Foundation
internal import GRDB

extension Catalogue {
  /// What turned songs into vectors: a built-in method, or a trained network whose file the catalogue keeps.
  public struct Model: Sendable, Hashable {
    /// Names the content: two models with the same identifier make the same vectors.
    public var identifier: String
    /// For people; not unique.
    public var name: String
    /// How to read it, such as "mfcc" or "prcnn".
    public var kind: String
    /// The length of its vectors, at least 1.
    public var dimension: Int
    /// The bytes of its file; nil for a built-in method.
    public var data: Data?
    /// When it was first stored.
    public var created: Date

    /// How long vectors may be that a catalogue holds.
    static let dimensions = 1...1_048_576

    /// A model that makes vectors of `dimension` values.
    public init(
      identifier: String, name: String, kind: String, dimension: Int, data: Data? = nil, created: Date = Date()
    ) {
      precondition(dimension > 0, "a model's dimension is \(dimension); it must be at least 1")
      self.identifier = identifier
      self.name = name
      self.kind = kind
      self.dimension = dimension
      self.data = data
      self.created = created
    }
  }
}

extension Catalogue.Model {
  /// The model in a row of `Catalogue.modelColumns`.
  init(_ row: Row) throws {
    identifier = try row.checked(0)
    name = try row.checked(1)
    kind = try row.checked(2)
    dimension = try row.checked(3, in: Self.dimensions)
    data = try row.checked(4)
    created = Date(timeIntervalSince1970: try row.checkedTime(5))
  }
}
