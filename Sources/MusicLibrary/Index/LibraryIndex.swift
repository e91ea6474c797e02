import Catalogue
import SearchSpaces
import SongModels

/// The songs of a catalogue as a model compares them, ready to be searched.
///
/// What is searched is derived from the catalogue and lies in a file beside it, to be read as it is. The file is made
/// if it is missing or no longer up to date; if it cannot be written, everything works without it.
package struct LibraryIndex: Sendable {
  /// What is searched.
  package let songs: SongIndex<TrackID>

  init(songs: SongIndex<TrackID>) { self.songs = songs }

  /// Brings the file of a model up to date, so that the next `open` finds it.
  package static func refresh(catalogue: Catalogue, model: EmbeddingModel) throws {
    _ = try open(catalogue: catalogue, model: model)
  }

  /// What the file of a model holds, after it was brought up to date if it was not; nil if the model has no vectors in
  /// the catalogue.
  package static func open(catalogue: Catalogue, model: EmbeddingModel) throws -> LibraryIndex? {
    guard let revision = try catalogue.revision(model: model.identifier) else { return nil }
    let file = LibraryIndexFile(catalogue: catalogue.path, model: model)
    if let stored = file.read(revision: revision) { return stored }
    let (ids, vectors, current) = try vectors(of: model, in: catalogue)
    guard !ids.isEmpty else { return nil }
    let index = LibraryIndex(songs: try SongIndex(model: model, ids: ids, embeddings: consume vectors))
    do {
      try file.write(index, revision: current)
    } catch {
      // A folder that cannot be written to, or a full disk: the next start will be slow again, and nothing else.
    }
    return index
  }

  /// A model's vectors, none if they are of another dimension than the model's, and their revision. Nobody else holds
  /// them, so that they are gone once they are used: they may be most of the memory.
  private static func vectors(
    of model: EmbeddingModel, in catalogue: Catalogue
  ) throws -> (ids: [TrackID], values: [Float], revision: Int64) {
    let found = try catalogue.embeddings(model: model.identifier)
    guard found.dimension == model.dimension else { return ([], [], found.revision) }
    return (found.ids, found.values, found.revision)
  }
}
