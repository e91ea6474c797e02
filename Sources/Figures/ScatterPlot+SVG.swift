import Foundation

extension ScatterPlot {
  /// The plot as SVG that needs nothing else: light or dark as the viewer is, names under the pointer.
  ///
  /// Both axes have the same scale; t-SNE's have no unit, so none is drawn. Its style sheet touches nothing outside it,
  /// and it has no identifiers, so that a page may hold several.
  ///
  /// - Parameters:
  ///   - isFile: Whether it stands by itself, and so brings its title, its ground and the colour of its text; in a page
  ///     these are the page's.
  ///   - width: Of the whole picture with its legend, in pixels, at least 300.
  ///   - height: Of the whole picture, at least 200; more if the legend needs it.
  public func svg(isFile: Bool = true, width: Int = 1000, height: Int = 760) -> String {
    precondition(width >= 300 && height >= 200, "a plot of \(width) × \(height) pixels is too small")
    let legend = legend
    let height = max(height, 70 + 22 * (legend.count + 1))
    let frame = Frame(width: Double(width - 240), height: Double(height - 60), points: points)
    let title = MarkupText.escaped(title)
    let size = "width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\""
    let kind = isFile ? "scatter alone" : "scatter"
    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"\(kind)\" \(size) role=\"img\" aria-label=\"\(title)\">",
      "<style>\(Self.styleSheet)</style>",
    ]
    if isFile {
      parts.append("<rect class=\"ground\" width=\"\(width)\" height=\"\(height)\"/>")
      parts.append("<text class=\"heading\" x=\"20\" y=\"32\">\(title)</text>")
    }
    parts.append("<g class=\"points\">")
    parts += drawn(in: frame)
    parts.append("</g>")
    parts.append("<g class=\"legend\">")
    parts.append("<text class=\"kind\" x=\"\(width - 214)\" y=\"60\">\(MarkupText.escaped(classKind))</text>")
    for (line, entry) in legend.enumerated() {
      parts.append(Self.drawn(entry, x: width - 208, y: 78 + 22 * line))
    }
    parts.append("</g>")
    parts.append("</svg>\n")
    return parts.joined(separator: "\n")
  }

  /// How points become pixels.
  private struct Frame {
    private let scale: Double
    private let middle: SIMD2<Double>
    private let centre: SIMD2<Double>
    let radius: Double

    init(width: Double, height: Double, points: [Point]) {
      var (low, high) = (SIMD2(repeating: Double.infinity), SIMD2(repeating: -Double.infinity))
      for point in points where point.isDrawn {
        low = pointwiseMin(low, [point.x, point.y])
        high = pointwiseMax(high, [point.x, point.y])
      }
      radius = min(6, max(1.6, 110 / Double(max(points.count, 1)).squareRoot()))
      let room = SIMD2(width, height) - 40
      let extent = high - low
      // Halves first: the sum of two large coordinates may overflow.
      middle = extent.x >= 0 ? low / 2 + high / 2 : .zero
      let scales = [room.x / extent.x, room.y / extent.y].filter { $0.isFinite && $0 > 0 }
      scale = scales.min() ?? 1
      centre = [width / 2, 50 + height / 2]
    }

    func position(of point: Point) -> (x: String, y: String) {
      let x = centre.x + (point.x - middle.x) * scale
      let y = centre.y - (point.y - middle.y) * scale
      return (decimal(x), decimal(y))
    }
  }

  /// Grey points first, so that they hide no named one.
  private func drawn(in frame: Frame) -> [String] {
    let styles = styles
    let placed = points.filter(\.isDrawn).map { point in (point, point.className.flatMap { styles[$0] }) }
    return (placed.filter { $0.1 == nil } + placed.filter { $0.1 != nil }).map { point, style in
      let (x, y) = frame.position(of: point)
      // An artist is named once.
      let words = point.className.map { point.label.contains($0) ? point.label : "\(point.label) (\($0))" }
      return Self.mark(style: style, x: x, y: y, radius: frame.radius, title: words ?? point.label)
    }
  }

  private static func drawn(_ entry: LegendEntry, x: Int, y: Int) -> String {
    let name = entry.name.count > 24 ? entry.name.prefix(23) + "…" : entry.name
    let mark = mark(style: entry.style, x: "\(x)", y: "\(y)", radius: 6, title: entry.name)
    let text = "\(MarkupText.escaped(String(name))) <tspan class=\"count\">\(entry.count)</tspan>"
    return "\(mark)<text x=\"\(x + 14)\" y=\"\(y + 5)\">\(text)</text>"
  }

  private static func mark(style: Int?, x: String, y: String, radius: Double, title: String) -> String {
    let colour = style.map { "c\(ScatterStyle.colour($0))" } ?? "other"
    let title = "<title>\(MarkupText.escaped(title))</title>"
    let shape = style.map(ScatterStyle.shape) ?? .circle
    guard shape != .circle else {
      return "<circle class=\"\(colour)\" cx=\"\(x)\" cy=\"\(y)\" r=\"\(decimal(radius))\">\(title)</circle>"
    }
    let path = path(of: shape, radius: radius)
    return "<path class=\"\(colour)\" transform=\"translate(\(x) \(y))\" d=\"\(path)\">\(title)</path>"
  }

  /// Shapes of about the same area as the circle.
  private static func path(of shape: ScatterStyle.Shape, radius: Double) -> String {
    let corners: [(Double, Double)] =
      switch shape {
      case .circle, .square: [(-0.89, -0.89), (0.89, -0.89), (0.89, 0.89), (-0.89, 0.89)]
      case .triangle: [(0, -1.5), (1.3, 0.8), (-1.3, 0.8)]
      case .diamond: [(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)]
      }
    return "M" + corners.map { "\(decimal($0.0 * radius)) \(decimal($0.1 * radius))" }.joined(separator: "L") + "Z"
  }

  private static var styleSheet: String {
    func rules(_ colour: ((light: String, dark: String)) -> String) -> String {
      ScatterStyle.colours.enumerated().map { ".scatter .c\($0){fill:\(colour($1))}" }.joined()
        + ".scatter .other{fill:\(colour(ScatterStyle.otherColour))}"
    }
    return """
      .scatter text{font:13px system-ui,sans-serif;fill:currentColor}.scatter .heading{font-size:18px;font-weight:600}\
      .scatter .kind{font-weight:600}.scatter .count{opacity:.65}.scatter .other{fill-opacity:.6}\
      .scatter.alone{color:#222}.scatter.alone .ground{fill:#fff}\
      .scatter circle,.scatter path{stroke:#fff;stroke-width:.5}\
      .scatter circle:hover,.scatter path:hover{stroke:currentColor;stroke-width:2}\(rules(\.light))\
      @media(prefers-color-scheme:dark){.scatter.alone{color:#eee}.scatter.alone .ground{fill:#16181c}\
      .scatter circle,.scatter path{stroke:#16181c}\
      .scatter circle:hover,.scatter path:hover{stroke:currentColor}\(rules(\.dark))}
      """
  }

  /// With two decimals, whatever the user's language.
  private static func decimal(_ value: Double) -> String {
    // Coordinates near the largest number overflow on their way here.
    let hundredths = Int((min(max(value, -1e6), 1e6) * 100).rounded())
    let (whole, digits) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    let fraction = digits == 0 ? "" : digits < 10 ? ".0\(digits)" : ".\(digits)"
    return "\(hundredths < 0 ? "-" : "")\(whole)\(fraction)"
  }
}

extension ScatterPlot.Point {
  /// Whether its coordinates are finite.
  var isDrawn: Bool { x.isFinite && y.isFinite }
}
