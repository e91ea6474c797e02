import Catalogue
import NearestNeighbors

/// The songs of a catalogue as a model compares them, ready to be searched.
///
/// What is searched is derived from the catalogue and lies in a file beside it, to be read as it is. The file is made
/// where it is missing or no longer up to date; where it cannot be written, everything works without it.
package struct LibraryIndex: Sendable {
  /// What is searched.
  package let songs: SongIndex<TrackID>

  init(songs: SongIndex<TrackID>) { self.songs = songs }

  /// Brings the file up to date where it is not, and reads it; nil where the model has no vectors in the catalogue.
  package init?(catalogue: Catalogue, model: EmbeddingModel) throws {
    guard let revision = try catalogue.revision(model: model.identifier) else { return nil }
    let file = LibraryIndexFile(catalogue: catalogue.path, model: model)
    if let stored = file.read(revision: revision) {
      self = stored
      return
    }
    let embeddings = try catalogue.embeddings(model: model.identifier)
    guard !embeddings.ids.isEmpty, embeddings.dimension == model.dimension else { return nil }
    self.init(songs: try SongIndex(model: model, ids: embeddings.ids, embeddings: embeddings.values))
    do {
      try file.write(self, revision: embeddings.revision)
    } catch {
      // A folder that cannot be written to, or a full disk: the next start will be slow again, and nothing else.
    }
  }
}
