import Datasets
import MetricLearning

extension SongLabels {
  /// A song as retrieval is measured with it.
  package func retrievalSong(_ song: Manifest.Song) -> RetrievalSong {
    RetrievalSong(classIndex: classIndex(of: song), artist: artistIndex(of: song))
  }
}
