import NearestNeighbors

extension ScatterPlot {
  /// Songs where t-SNE placed their vectors: a figure of an experiment.
  ///
  /// - Parameters:
  ///   - map: Where they lie.
  ///   - classNames: The class of each, nil where it is not known.
  ///   - labels: The name of each.
  public init(
    title: String, classKind: String, map: TSNEMap, classNames: [String?], labels: [String], namedClassLimit: Int = 16
  ) {
    let count = map.places.count
    precondition(
      classNames.count == count && labels.count == count,
      "\(classNames.count) classes and \(labels.count) labels for \(count) places")
    let points = map.places.indices.map { index in
      let place = map.places[index]
      return Point(x: Double(place.x), y: Double(place.y), className: classNames[index], label: labels[index])
    }
    self.init(title: title, classKind: classKind, points: points, namedClassLimit: namedClassLimit)
  }
}
