import Catalogue
import Files
import Foundation
import NearestNeighbors
import SearchSpaces
import SongModels

/// Looks for damage in a library: in its file, and in the packed files beside it.
public struct LibraryCheck: Sendable, Encodable {
  /// Something that is not as it was written.
  public struct Fault: Sendable, Hashable, Encodable {
    /// What it is.
    public let item: String
    /// What is wrong with it.
    public let reason: String
  }

  /// What is wrong with the library itself.
  public let faults: [Fault]
  /// What is wrong with files that can be made anew from it: the next question does.
  public let packedFaults: [Fault]
  /// The packed files that are whole but older than the library: the next question makes them anew.
  public let outdated: [String]

  /// Reads all of a library and of the files beside it.
  public init(_ catalogue: Catalogue) throws {
    let faults = try catalogue.faults().map { Fault(item: $0.item, reason: $0.reason) }
    var (packed, outdated): ([Fault], [String]) = ([], [])
    // What cannot be read at all is a fault already.
    let (models, mixes) = faults.isEmpty ? (try catalogue.models(), try catalogue.mixes()) : ([], [])
    var unreadable: [Fault] = []
    for stored in models {
      for model in EmbeddingModel.comparing(vectorsOf: stored) {
        do { _ = try catalogue.space(of: model) } catch let error as LibraryError {
          unreadable.append(Fault(item: "what was learned for \(model.name)", reason: error.description))
          continue
        }
        let file = LibraryIndexFile(catalogue: catalogue.path, model: model)
        guard FileManager.default.fileExists(atPath: file.path) else { continue }
        do {
          guard let (revision, changes) = try catalogue.space(of: model),
            let songs = try file.read(revision: revision, changes: changes)
          else {
            outdated.append(file.path)
            continue
          }
          for row in 0..<songs.index.count { _ = songs.index.vectors.values(ofRow: row) }
          try songs.index.vectors.throwIfDamaged()
        } catch let error as FileError {
          packed.append(Fault(item: error.path, reason: error.reason))
        } catch is NearestNeighborsError {
          packed.append(Fault(item: file.path, reason: LibraryIndexFile.changed(file.path).reason))
        }
      }
    }
    self.faults = faults + Self.faults(of: models) + Self.faults(of: mixes, in: catalogue.path) + unreadable
    packedFaults = packed
    self.outdated = outdated
  }
}

extension LibraryCheck {
  /// Models in the box whose vectors would be of another length.
  private static func faults(of models: [Catalogue.Model]) -> [Fault] {
    models.compactMap { stored in
      guard let model = EmbeddingModel.builtIn(making: stored.identifier).first, model.dimension != stored.dimension
      else { return nil }
      return Fault(
        item: "the model \(stored.name)",
        reason: "its vectors have \(stored.dimension) numbers, and not \(model.dimension)")
    }
  }

  private static func faults(of mixes: [Catalogue.Mix], in library: String) -> [Fault] {
    mixes.compactMap { mix in
      do throws(FileError) {
        _ = try SavedMix(mix, library: library)
        return nil
      } catch {
        return Fault(item: "the mixes", reason: error.reason)
      }
    }
  }
}

extension EmbeddingModel {
  /// The models that compare a stored model's vectors, each in its own way.
  fileprivate static func comparing(vectorsOf stored: Catalogue.Model) -> [EmbeddingModel] {
    let builtIn = builtIn(making: stored.identifier)
    guard builtIn.isEmpty, let model = try? EmbeddingModel(stored) else { return builtIn }
    return [model]
  }
}
