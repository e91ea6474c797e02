import Catalogue
import Files
import Foundation
import SearchSpaces
import SongModels

/// What a library holds, and what it could not hear: the JSON of `akin status --json`.
public struct LibraryStatus: Sendable, Encodable {
  /// A model, and how many songs it has heard.
  public struct Model: Sendable, Encodable {
    /// Its name, as `akin index` says it, and its identifier.
    public let name, identifier: String
    /// The built-in models that compare the same vectors in other ways.
    public let alike: [String]
    /// How many songs it has heard.
    public let songs: Int
    /// Whether it has heard all that are stored, and whether it answers if none is named.
    public let complete, current: Bool
  }

  /// A folder that was indexed.
  public struct Root: Sendable, Encodable {
    /// Where it is.
    public let path: String
    /// Whether it is away.
    public let missing: Bool
  }

  /// A file that could not be heard.
  public struct Refused: Sendable, Encodable {
    /// Which, and why.
    public let path, reason: String
    /// Whether it was heard before it turned bad.
    public let heardBefore: Bool
  }

  /// What is worth knowing of a file that was heard.
  public struct Note: Sendable, Encodable {
    /// Which, and what.
    public let path, reason: String
  }

  /// What the last indexing did.
  public struct LastIndexing: Sendable, Encodable {
    /// When it began, as ISO 8601 has it.
    public let began: String
    /// How long it took.
    public let seconds: Double
    /// The identifier of the model that listened.
    public let model: String
    /// How many songs.
    public let added, updated, moved, unchanged, forgotten, skipped: Int
    /// Whether it was stopped before its end.
    public let interrupted: Bool
  }

  /// What was learned from the library's tags or its listener for a model, or tried.
  public struct Learned: Sendable, Encodable {
    /// What came of it.
    public enum Lesson: Sendable, Encodable {
      case tags(TagLesson)
      case ear(EarLesson)

      /// What came of it, for people.
      public var sentence: String {
        switch self {
        case .tags(let lesson): lesson.sentence
        case .ear(let lesson): lesson.sentence
        }
      }

      /// The lesson itself.
      public func encode(to encoder: any Encoder) throws {
        switch self {
        case .tags(let lesson): try lesson.encode(to: encoder)
        case .ear(let lesson): try lesson.encode(to: encoder)
        }
      }
    }

    /// What it was learned from: "tags" or "ear".
    public let from: String
    /// When, as ISO 8601 has it.
    public let created: String
    /// What came of it.
    public let lesson: Lesson
  }

  /// The library's file.
  public let library: String
  /// Its size, and that of the files that SQLite and the search keep beside it.
  public let bytes: Int
  /// How many songs it holds, and how long they play.
  public let tracks: Int
  /// How long the songs play.
  public let hours: Double
  /// Its models.
  public let models: [Model]
  /// The folders that were indexed.
  public let roots: [Root]
  /// What could not be heard.
  public let refused: [Refused]
  /// What is worth knowing.
  public let notes: [Note]
  /// How many videos were left out.
  public let videos: Int
  /// The last indexing; nil if there was none. One that is at work, or that was killed, is interrupted and took no time.
  public let lastIndexing: LastIndexing?
  /// Whether an indexer is at work on the library, or on another in its folder: more songs may come.
  public let indexing: Bool
  /// Why no model can answer; nil if one can.
  public let modelFault: String?
  /// What was learned for the model that answers.
  public let learned: [Learned]

  /// Looks at a library, not at the music.
  public init(of catalogue: Catalogue) throws(CatalogueError) {
    let statistics = try catalogue.statistics()
    let remarks = try catalogue.remarks()
    library = catalogue.path
    bytes = Self.bytes(of: catalogue.path)
    tracks = statistics.tracks
    hours = statistics.seconds / 3600
    let (answeringModel, fault) = try Self.answering(catalogue)
    let answering = answeringModel?.identifier
    modelFault = fault
    if let answeringModel { learned = try Self.learned(catalogue, model: answeringModel) } else { learned = [] }
    models = statistics.models.map { model in
      let names = EmbeddingModel.builtIn(making: model.identifier).map(\.name)
      return Model(
        name: names.first ?? model.name, identifier: model.identifier, alike: Array(names.dropFirst()),
        songs: model.vectors, complete: model.vectors == statistics.tracks,
        current: model.vectors > 0 && model.identifier == answering)
    }
    indexing = IndexingClaim.isHeld(library: catalogue.path)
    roots = try catalogue.roots().map { Root(path: $0, missing: !FileManager.default.fileExists(atPath: $0)) }
    var refused: [Refused] = []
    for remark in remarks where remark.kind == .refused {
      refused.append(
        Refused(path: remark.path, reason: remark.reason, heardBefore: try catalogue.track(path: remark.path) != nil))
    }
    self.refused = refused
    notes = remarks.filter { $0.kind == .note }.map { Note(path: $0.path, reason: $0.reason) }
    videos = remarks.count { $0.kind == .video }
    lastIndexing = try catalogue.lastIndexing().map { run in
      LastIndexing(
        began: run.began.formatted(.iso8601), seconds: run.seconds, model: run.model, added: run.added,
        updated: run.updated, moved: run.moved, unchanged: run.unchanged, forgotten: run.forgotten,
        skipped: run.skipped, interrupted: run.wasInterrupted)
    }
  }

  /// What was learned for a model; what cannot be read is left to `akin library check`.
  private static func learned(_ catalogue: Catalogue, model: EmbeddingModel) throws(CatalogueError) -> [Learned] {
    let stored = try catalogue.learnedSpaces(model.spaceIdentifier)
    return SpaceChange.Kind.allCases.compactMap { kind in
      guard let learned = stored.first(where: { $0.kind == kind.rawValue }) else { return nil }
      let lesson: Learned.Lesson? =
        switch kind {
        case .tags: (try? JSON.value(from: learned.record)).map(Learned.Lesson.tags)
        case .ear: (try? JSON.value(from: learned.record)).map(Learned.Lesson.ear)
        }
      return lesson.map { Learned(from: learned.kind, created: learned.created.formatted(.iso8601), lesson: $0) }
    }
  }

  /// The model that answers if none is named, or why none can.
  private static func answering(
    _ catalogue: Catalogue
  ) throws(CatalogueError) -> (model: EmbeddingModel?, fault: String?) {
    do {
      return (try ModelChoice(answering: nil, catalogue: catalogue).model, nil)
    } catch let error as CatalogueError {
      throw error
    } catch {
      return (nil, "\(error)")
    }
  }

  /// The bytes of the library's file, and of those beside it.
  private static func bytes(of library: String) -> Int {
    let (folder, name) = ((library as NSString).deletingLastPathComponent, (library as NSString).lastPathComponent)
    // Without leave to list the folder, it is the file alone.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [name]
    return names.filter { $0 == name || $0.hasPrefix(name + "-") }.reduce(0) { sum, name in
      let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)
      return sum + (attributes?[.size] as? Int ?? 0)
    }
  }
}
