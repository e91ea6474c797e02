import Catalogue
import Foundation
import SongModels

/// The model that listens, or answers a question.
public struct ModelChoice: Sendable {
  /// The model.
  public let model: EmbeddingModel
  /// Why it is another one than the library's current model, in a sentence to show; nil if it is not.
  public let note: String?

  /// The model of that name: built in, a file, or one that the library stores, by its name or the beginning of its
  /// identifier. Without a name it is the library's current model, or else the one in the box.
  ///
  /// - Parameter excerpts: how many excerpts of a song it hears; nil for as many as it does anyway.
  /// - Throws: `ModelError` if no model, or more than one, has that name; or if it hears nothing, but should.
  public init(named name: String?, hearing excerpts: Excerpts? = nil, catalogue: Catalogue?) throws {
    note = nil
    var model = EmbeddingModel.standard
    if let name {
      model = try Self.model(named: name, catalogue: catalogue)
    } else if let stored = try catalogue?.currentModel() {
      model = try EmbeddingModel(stored)
    }
    if let excerpts {
      guard let hearing = model.hearing(excerpts) else { throw model.isDeaf }
      model = hearing
    }
    self.model = model
  }

  /// The model that answers a question: as `init(named:catalogue:)` chooses it; but without a name, and as long as the
  /// library's current model has not heard all songs, the one that has heard most of them.
  ///
  /// - Throws: as `init(named:catalogue:)`.
  public init(answering name: String?, catalogue: Catalogue) throws {
    let chosen = try ModelChoice(named: name, catalogue: catalogue)
    guard name == nil, let rivals = try catalogue.hearing(beyond: chosen.model.identifier),
      let (former, heard) = rivals.others.lazy.compactMap({ other in
        (try? EmbeddingModel(other.model)).map { ($0, other.heard) }
      }).first
    else {
      self = chosen
      return
    }
    model = former
    note = """
      the model \(chosen.model.name) has heard \(rivals.heard) of \(rivals.tracks) songs: until `akin index` has \
      completed it, \(former.name) answers, which has heard \(heard)
      """
  }

  private static func model(named name: String, catalogue: Catalogue?) throws -> EmbeddingModel {
    if let model = EmbeddingModel(builtIn: name) { return model }
    if FileManager.default.fileExists(atPath: name) { return try EmbeddingModel(file: name) }
    let stored = try catalogue?.models().filter { $0.data != nil || $0.kind == ForeignModel.kind } ?? []
    let matching = stored.filter { $0.name == name || (name.count >= 4 && $0.identifier.hasPrefix(name)) }
    switch matching.count {
    case 1: return try EmbeddingModel(matching[0])
    case 0: throw ModelError(model: name, reason: "there is no such file, and no model of that name", remedy: .nameOne)
    default:
      let names = matching.map(\.name).joined(separator: ", ")
      throw ModelError(model: name, reason: "several models have that name: \(names)", remedy: .nameOne)
    }
  }
}

extension EmbeddingModel {
  /// The model that a catalogue stores, or the one built in that makes its vectors.
  init(_ stored: Catalogue.Model) throws(ModelError) {
    if stored.kind == ForeignModel.kind,
      let model = ForeignModel(name: stored.name, dimension: stored.dimension)
    {
      self = .foreign(model)
      return
    }
    guard let data = stored.data else {
      if let model = EmbeddingModel.builtIn(making: stored.identifier).first {
        self = model
        return
      }
      throw ModelError(model: stored.name, reason: "the library does not hold its file", remedy: .nameOne)
    }
    try self.init(data: data, name: stored.name)
  }

  /// What a catalogue stores of it. Models that share vectors are one there, by the name of the plainer.
  var stored: Catalogue.Model {
    let (method, name) = (maker.method, maker.name)
    return switch method {
    case .descriptor:
      Catalogue.Model(identifier: identifier, name: name, kind: "descriptor", dimension: dimension)
    case .learnedDescriptor(let model):
      Catalogue.Model(identifier: identifier, name: name, kind: "descriptor", dimension: dimension, data: model.data)
    case .mfcc:
      Catalogue.Model(identifier: identifier, name: name, kind: "mfcc", dimension: dimension)
    case .network(let model):
      Catalogue.Model(identifier: identifier, name: name, kind: "prcnn", dimension: dimension, data: model.data)
    case .character(let model):
      Catalogue.Model(
        identifier: identifier, name: name, kind: "character", dimension: dimension,
        data: model.isStandard ? nil : model.data)
    case .imported(let model):
      Catalogue.Model(identifier: identifier, name: name, kind: "onnx", dimension: dimension, data: model.data)
    case .joined(let model):
      Catalogue.Model(identifier: identifier, name: name, kind: "joined", dimension: dimension, data: fileData)
    case .foreign(let model):
      Catalogue.Model(identifier: identifier, name: model.name, kind: ForeignModel.kind, dimension: dimension)
    }
  }
}

extension ForeignModel {
  /// How a catalogue says that it knows a model by its vectors alone.
  static var kind: String { "vectors" }
}

extension Catalogue {
  /// Stores a model, so that it can be named; which one answers stays as it is.
  public func keep(_ model: EmbeddingModel) throws(CatalogueError) { try store(model: model.stored) }

  /// Stores a trained model and makes it the one that answers if none is named. With the model in the box, no trained
  /// model answers any more.
  public func adopt(_ model: EmbeddingModel) throws(CatalogueError) {
    guard model.identifier != EmbeddingModel.standard.identifier else { return try setCurrentModel(identifier: nil) }
    try store(model: model.stored)
    try setCurrentModel(identifier: model.identifier)
  }
}
