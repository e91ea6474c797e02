import Datasets
import Figures

/// Figure 2 and those after it: maps of the songs by each feature set.
struct FeatureMapFigures {
  let results: ExperimentResults

  /// The figures, numbered from 2 as in the paper, whose first figure shows the network.
  var figures: [ReportFigure] {
    results.maps.enumerated().map { number, map in
      let title = "Figure \(number + 2). \(map.featureSet.title)"
      return ReportFigure(
        name: "figure-\(number + 2)-\(map.featureSet.rawValue)", caption: caption(title, map),
        picture: .scatter(plot(title, map)))
    }
  }

  private func caption(_ title: String, _ map: FeatureMap) -> String {
    let songs = results.songs.songs.count
    var text = "\(title): t-SNE by class"
    if map.songs.count < songs { text += ", \(map.songs.count) of the \(songs) songs" }
    if map.featureSet.isFittedToSplit {
      text += ", as the first \(results.configuration.folds == nil ? "split" : "fold") was learned"
    }
    return text
  }

  private func plot(_ title: String, _ map: FeatureMap) -> ScatterPlot {
    let points = zip(map.songs, map.coordinates).map { song, position in
      var label = results.songs.songTitle(song)
      let artist = results.songs.songs[song].artist
      if !artist.isEmpty { label = "\(artist) – \(label)" }
      if map.unseen.contains(song) { label += ", not seen in training" }
      return ScatterPlot.Point(
        x: Double(position.x), y: Double(position.y), className: results.songs.songs[song].className, label: label)
    }
    return ScatterPlot(
      title: title, classKind: "class", points: points, namedClassLimit: min(32, results.songs.classNames.count))
  }
}
