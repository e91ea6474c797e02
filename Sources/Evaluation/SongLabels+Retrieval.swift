import Datasets
import MetricLearning

extension SongLabels {
  /// The class and artist of a song, as the measures of retrieval need them.
  package func retrievalSong(_ song: Manifest.Song) -> RetrievalSong {
    RetrievalSong(classIndex: classIndex(of: song), artist: artistIndex(of: song))
  }
}
