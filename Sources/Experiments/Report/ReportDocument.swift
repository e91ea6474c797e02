import Figures

/// The content of a report, which is then rendered as HTML or Markdown. All text is plain; the renderers escape it.
struct ReportDocument: Hashable {
  enum Block: Hashable {
    case heading(String)
    case paragraph(String)
    case list([String])
    case code(String)
    case table(ReportTable)
    case figures([ReportFigure])
  }

  var title: String
  var blocks: [Block] = []
}

/// A table whose first column names its rows.
struct ReportTable: Hashable {
  struct Cell: Hashable {
    var text: String
    /// Whether the cell is the best of its column or row.
    var isBest = false
    /// How dark the cell is, in 0...1; nil for no shade.
    var shade: Double?
    /// The target of the cell's link, relative to the report's folder; nil for no link.
    var link: String?

    init(_ text: String, isBest: Bool = false, shade: Double? = nil, link: String? = nil) {
      self.text = text
      self.link = link
      self.isBest = isBest
      self.shade = shade
    }
  }

  /// A heading above several columns.
  struct Group: Hashable {
    var title: String
    var columns: Int
  }

  /// The name of its CSV file and its anchor.
  var name: String
  var caption: String
  /// Headings above those of the columns, which may be empty. The first column belongs to no group.
  var groups: [Group] = []
  var header: [String]
  var rows: [[Cell]]
  /// Whether the cells are numbers, which are aligned to the right.
  var isNumeric = true
}

/// A picture with a caption.
struct ReportFigure: Hashable {
  /// The name of its file, without extension.
  var name: String
  var caption: String
  var picture: ReportPicture
}

/// What a figure shows.
enum ReportPicture: Hashable {
  case lines(LineChart)
  case scatter(ScatterPlot)

  /// Whether it needs a wide column.
  var isWide: Bool { if case .scatter = self { true } else { false } }

  /// The picture as SVG, for a file of its own or inside a page.
  func svg(isFile: Bool) -> String {
    switch self {
    case .lines(let chart): chart.svg(isFile: isFile)
    case .scatter(let plot): plot.svg(isFile: isFile, width: 860, height: 560)
    }
  }
}
