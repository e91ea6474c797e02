/// Points on a plane, coloured by class: what `akin map` draws, and the figures of an experiment.
public struct ScatterPlot: Sendable, Hashable {
  /// One point.
  public struct Point: Sendable, Hashable {
    /// To the right; neither unit nor origin matters.
    public var x: Double
    /// Upwards.
    public var y: Double
    /// The class; nil if it is not known.
    public var className: String?
    /// What is shown while the pointer rests on it.
    public var label: String

    /// A point.
    public init(x: Double, y: Double, className: String?, label: String) {
      self.x = x
      self.y = y
      self.className = className
      self.label = label
    }
  }

  /// A line in the legend.
  public struct LegendEntry: Sendable, Hashable {
    /// The class, or what the remaining ones have in common.
    public let name: String
    /// The number of its points.
    public let count: Int
    /// Which colour and shape it has, from 0; nil for the remaining classes, which are grey.
    public let style: Int?
  }

  /// The heading.
  public var title: String
  /// What the classes are, such as "artist".
  public var classKind: String
  /// The points. Those whose coordinates are not finite are not drawn.
  public var points: [Point]
  /// How many classes have a colour at most, in 0...32: the largest ones.
  public var namedClassLimit: Int

  /// A plot.
  public init(title: String, classKind: String, points: [Point], namedClassLimit: Int = 16) {
    precondition(
      (0...ScatterStyle.limit).contains(namedClassLimit),
      "\(namedClassLimit) classes; only \(ScatterStyle.limit) can be told apart")
    self.title = title
    self.classKind = classKind
    self.points = points
    self.namedClassLimit = namedClassLimit
  }

  /// The classes and their sizes, the largest first, equal ones by name.
  var classes: [(name: String, count: Int)] {
    var counts: [String: Int] = [:]
    for point in points { if let name = point.className { counts[name, default: 0] += 1 } }
    return counts.map { (name: $0.key, count: $0.value) }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }

  /// The largest classes, and what remains.
  public var legend: [LegendEntry] {
    let classes = classes
    let named = classes.prefix(namedClassLimit)
    var legend = named.enumerated().map { LegendEntry(name: $1.name, count: $1.count, style: $0) }
    let rest = classes.dropFirst(namedClassLimit)
    if !rest.isEmpty {
      legend.append(
        LegendEntry(name: "\(rest.count) others", count: rest.reduce(0) { $0 + $1.count }, style: nil))
    }
    let unknown = points.count { $0.className == nil }
    if unknown > 0 { legend.append(LegendEntry(name: "no \(classKind)", count: unknown, style: nil)) }
    return legend
  }

  /// The named classes' lines in the legend, from 0.
  var styles: [String: Int] {
    Dictionary(uniqueKeysWithValues: classes.prefix(namedClassLimit).enumerated().map { ($1.name, $0) })
  }
}
