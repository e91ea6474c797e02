import Datasets
import Files
import Foundation
import Reproducibility

/// An experiment's report, which follows from its results alone.
public struct ExperimentReport: Sendable {
  /// How the results were made.
  public struct Provenance: Sendable, Hashable {
    /// The command that makes the same results.
    public var command: String
    /// The name of the dataset.
    public var dataset: String
    /// The version of Akin.
    public var version = AkinVersion.current
    /// The processor.
    public var processor: String

    /// How results were made.
    public init(command: String, dataset: String, processor: String) {
      self.command = command
      self.dataset = dataset
      self.processor = processor
    }
  }

  /// A file of the report.
  public struct File: Sendable, Hashable {
    /// Its path, relative to the report's folder.
    public var path: String
    /// Its content.
    public var text: String
  }

  /// The results.
  public let results: ExperimentResults
  /// How they were made.
  public let provenance: Provenance

  /// The folder of the report, from which its links lead to songs; nil for no links.
  public let folder: URL?

  /// A report of results.
  public init(_ results: ExperimentResults, provenance: Provenance, folder: URL? = nil) {
    self.results = results
    self.folder = folder
    self.provenance = provenance
  }

  /// `report.html`, `report.md`, `tables/*.csv` and `figures/*.svg`.
  public var files: [File] {
    let comparison = FeatureComparison(results)
    let document = document(comparison)
    let figures = document.blocks.flatMap { block -> [ReportFigure] in
      if case .figures(let figures) = block { figures } else { [] }
    }
    return [File(path: "report.html", text: document.html), File(path: "report.md", text: document.markdown)]
      + ReportSpreadsheets(results: results, comparison: comparison).files
      + figures.map { File(path: "figures/\($0.name).svg", text: $0.picture.svg(isFile: true) + "\n") }
  }

  /// Writes all files.
  public func write(to folder: URL) throws(FileError) {
    for file in files {
      let target = folder.appending(path: file.path)
      try FileError.makeFolder(target.deletingLastPathComponent(), remedy: "Choose another with --output.")
      try FileError.write(Data(file.text.utf8), to: target)
    }
  }

  /// The number of classes in the largest confusion matrix that people can read.
  private static let mostClassesOfMatrix = 24

  private func document(_ comparison: FeatureComparison) -> ReportDocument {
    let tables = ResultTables(results: results)
    var document = ReportDocument(title: "What sounds alike: \(provenance.dataset)")
    document.blocks += [.paragraph(ReportWords(results: results).summary), .heading("All queries")]
    document.blocks.append(.table(tables.table1))
    let remarks = ReportWords(results: results).remarks
    if !remarks.isEmpty { document.blocks.append(.list(remarks)) }
    let beyond = ComparisonTables(results: results, comparison: comparison)
    document.blocks += [.heading("How certain the differences are"), .table(beyond.intervals), .table(beyond.pairs)]
    document.blocks += [.heading("By class"), .table(tables.table2)]
    document.blocks += confusion(tables)
    document.blocks += maps
    document.blocks += others(beyond)
    let figures = LearningCurves(results: results).figures
    if !figures.isEmpty {
      document.blocks += [
        .heading("Learning curves"),
        .paragraph("Each training is a faint line. The strong line is their mean, as far as at least half of them go."),
        .figures(figures),
      ]
    }
    let examples = ExampleNeighbours(results: results, folder: folder).tables
    if !examples.isEmpty {
      document.blocks += [
        .heading("Examples to listen to"),
        .paragraph("Each name is a link to its song, which works while the songs and this report stay in place."),
      ]
      document.blocks += examples.map(ReportDocument.Block.table)
    }
    document.blocks += leftOut
    document.blocks += [.heading("How it was measured"), .list(ReportWords(results: results).settings)]
    document.blocks += [
      .heading("To reproduce it"), .code(provenance.command),
      .paragraph("Akin \(provenance.version) on \(provenance.processor)."),
    ]
    return document
  }

  /// The confusion of the baseline and of the best feature set; the spreadsheets have those of all.
  private func confusion(_ tables: ResultTables) -> [ReportDocument.Block] {
    guard results.songs.classNames.count <= Self.mostClassesOfMatrix else { return [] }
    let maps = tables.featureSets.filter(\.hasNeighbours).compactMap { featureSet in
      tables.overall(featureSet)[1].map { (featureSet, $0.mean) }
    }
    guard let best = maps.max(by: { $0.1 < $1.1 })?.0 else { return [] }
    let shown = tables.featureSets.filter { $0 == best || $0 == .mfcc }
    return [.heading("Which classes are taken for which")]
      + shown.map { .table(ClassConfusion(results, featureSet: $0).table($0)) }
  }

  private var maps: [ReportDocument.Block] {
    let figures = FeatureMapFigures(results: results).figures
    guard !figures.isEmpty else { return [] }
    return [
      .heading("Where songs lie"),
      .paragraph(
        "Each point is a song. t-SNE places songs that are near each other close together; distances between groups "
          + "mean little. Rest the pointer on a point to see the song's name. A learned feature set shows the songs "
          + "that it learned from better than others; songs that it has not seen say so beside their name."),
      .figures(figures),
    ]
  }

  private func others(_ beyond: ComparisonTables) -> [ReportDocument.Block] {
    var blocks: [ReportDocument.Block] = []
    if let distances = beyond.distances { blocks += [.heading("Other distances"), .table(distances)] }
    blocks.append(.heading("Artist filter and hubs"))
    if let filter = beyond.artistFilter {
      blocks.append(.table(filter))
    } else {
      blocks.append(
        .paragraph("Without the songs by the query's own artist, no song of its class is left to find."))
    }
    if let hubs = beyond.hubs { blocks.append(.table(hubs)) }
    return blocks
  }

  private var leftOut: [ReportDocument.Block] {
    guard !results.leftOut.isEmpty else { return [.heading("Left out"), .paragraph("No song was left out.")] }
    return [
      .heading("Left out"),
      .list(results.leftOut.map { "\($0.path): \($0.reason)" }),
    ]
  }
}
