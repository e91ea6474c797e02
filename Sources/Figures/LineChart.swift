/// A small chart of lines over epochs, as SVG: every run faint, their mean strong.
package struct LineChart: Hashable {
  package struct Point: Hashable {
    var x: Double
    var y: Double

    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  package init(title: String, unit: String, lines: [[Point]]) {
    self.title = title
    self.unit = unit
    self.lines = lines
  }

  /// What is shown, for those who cannot see it.
  var title: String
  /// What the vertical axis measures.
  var unit: String
  /// A line of each run.
  var lines: [[Point]]

  private static let (width, height) = (360.0, 220.0)
  private static let (left, right, top, bottom) = (52.0, 10.0, 26.0, 36.0)

  /// The mean of the runs at each x, as far as at least half of them go.
  var mean: [Point] {
    let values = Dictionary(grouping: lines.joined(), by: \.x).filter { 2 * $0.value.count >= lines.count }
    return values.sorted { $0.key < $1.key }.map { x, points in
      Point(x: x, y: points.reduce(0) { $0 + $1.y } / Double(points.count))
    }
  }

  /// The picture.
  ///
  /// - Parameter isFile: whether it stands by itself, and so brings its colours; in a page it takes the page's.
  package func svg(isFile: Bool) -> String {
    let points = lines.joined()
    let highestX = max(2, points.map(\.x).max() ?? 2)
    let axis = Axis(covering: points.map(\.y))
    func position(of point: Point) -> String {
      let x = Self.left + (point.x - 1) / (highestX - 1) * (Self.width - Self.left - Self.right)
      let y = Self.height - Self.bottom - axis.position(of: point.y) * (Self.height - Self.top - Self.bottom)
      return "\(Self.number(x)),\(Self.number(y))"
    }
    func polyline(_ points: [Point], _ attributes: String) -> String {
      // A line of one point would be invisible.
      let ends = points.count == 1 ? [points[0], Point(x: points[0].x + 0.02 * highestX, y: points[0].y)] : points
      return
        "<polyline fill=\"none\" stroke=\"#3478c6\" \(attributes) "
        + "points=\"\(ends.map(position).joined(separator: " "))\"/>"
    }
    let label = MarkupText.escaped(title)
    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" "
        + "aria-label=\"\(label)\" font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"currentColor\">",
      "<title>\(label)</title>",
    ]
    if isFile { parts.append(Self.fileStyle) }
    parts.append("<text x=\"\(Int(Self.left))\" y=\"15\">\(MarkupText.escaped(unit))</text>")
    for tick in axis.ticks {
      let y = Self.number(Self.height - Self.bottom - axis.position(of: tick) * (Self.height - Self.top - Self.bottom))
      parts.append(
        "<path d=\"M\(Int(Self.left)) \(y)H\(Int(Self.width - Self.right))\" stroke=\"currentColor\" opacity=\"0.2\"/>"
          + "<text x=\"\(Int(Self.left - 6))\" y=\"\(y)\" dy=\"4\" text-anchor=\"end\">\(axis.label(tick))</text>")
    }
    let baseline = Int(Self.height - Self.bottom + 16)
    parts.append("<text x=\"\(Int(Self.left))\" y=\"\(baseline)\">1</text>")
    parts.append(
      "<text x=\"\(Int(Self.width - Self.right))\" y=\"\(baseline)\" text-anchor=\"end\">epoch \(Int(highestX))</text>")
    if lines.count > 1 {
      parts += lines.filter { !$0.isEmpty }.map { polyline($0, "stroke-width=\"1\" opacity=\"0.3\"") }
    }
    if !mean.isEmpty { parts.append(polyline(mean, "stroke-width=\"2.5\"")) }
    parts.append("</svg>")
    return parts.joined(separator: "\n")
  }

  private static let fileStyle = """
    <style>svg{color:#1c1c1e;background:#fff}\
    @media (prefers-color-scheme:dark){svg{color:#ececee;background:#1c1c1e}}</style>
    """

  /// One decimal of a pixel is enough.
  private static func number(_ value: Double) -> String { ReportNumber.text(value, decimals: 1) }

  /// A vertical axis with round numbers.
  private struct Axis {
    let ticks: [Double]
    private let decimals: Int

    init(covering values: [Double]) {
      let low = values.min() ?? 0
      let high = values.max() ?? 1
      let span = max(high - low, 0.01, abs(high) * 1e-6)
      // 1, 2 or 5 times a power of ten, such that there are three to six lines.
      var step = 1e-3
      var factors = [2, 2.5, 2].makeIterator()
      while span / step > 5 {
        if let factor = factors.next() { step *= factor } else { factors = [2, 2.5, 2].makeIterator() }
      }
      let first = (low / step).rounded(.down)
      let last = max(first + 1, (high / step).rounded(.up))
      ticks = stride(from: first, through: last, by: 1).map { $0 * step }
      decimals = step < 0.0095 ? 3 : step < 0.095 ? 2 : step < 0.95 ? 1 : 0
    }

    func position(of value: Double) -> Double {
      let (low, high) = (ticks[0], ticks[ticks.count - 1])
      return (value - low) / (high - low)
    }

    func label(_ tick: Double) -> String { ReportNumber.text(tick, decimals: decimals) }
  }
}
