import Datasets
import Foundation

/// A few queries, with the songs that each feature set finds for them side by side.
struct ExampleNeighbours {
  let results: ExperimentResults
  /// The folder from which links lead to songs; nil for no links.
  let folder: URL?

  private static let (queryCount, neighbourCount) = (6, 5)

  /// One table for each query. The queries are one song of each class in the first split, or of classes spread evenly.
  var tables: [ReportTable] {
    let featureSets = ResultTables(results: results).featureSets.filter(\.hasNeighbours)
    let first = featureSets.compactMap { featureSet in
      results.results(of: featureSet).first { $0.failure == nil }.map { (featureSet, $0) }
    }
    guard let split = first.first?.1 else { return [] }
    let sameSplit = first.filter { $0.1.repetition == split.repetition && $0.1.fold == split.fold }
    return queries(split).enumerated().map { number, query in
      let columns = sameSplit.map { item in
        item.1.answers.first { $0.song == query }?.neighbours.prefix(Self.neighbourCount).map { $0 } ?? []
      }
      let rows = (0..<Self.neighbourCount).map { rank in
        [ReportTable.Cell("\(rank + 1)")]
          + columns.map { $0.indices.contains(rank) ? cell($0[rank], query: query) : ReportTable.Cell("–") }
      }
      return ReportTable(
        name: "example-\(number + 1)",
        caption: "Nearest to “\(results.songs.songTitle(query))” (\(results.songs.songs[query].className)); "
          + "✓ marks its class.",
        header: ["Rank"] + sameSplit.map(\.0.title), rows: rows, isNumeric: false)
    }
  }

  private func cell(_ song: Int, query: Int) -> ReportTable.Cell {
    let className = results.songs.songs[song].className
    let isSame = className == results.songs.songs[query].className
    return .init(
      "\(results.songs.songTitle(song)) (\(className))\(isSame ? " ✓" : "")", shade: isSame ? 0.25 : nil,
      link: link(song))
  }

  /// A relative reference from the report to a song.
  private func link(_ song: Int) -> String? {
    guard let folder else { return nil }
    let path = results.songs.filePath(of: results.songs.songs[song])
    let target = URL(filePath: path).standardizedFileURL.pathComponents
    let start = folder.standardizedFileURL.pathComponents.filter { !$0.isEmpty }
    let common = zip(start, target).prefix { $0 == $1 }.count
    let steps = [String](repeating: "..", count: start.count - common) + target.dropFirst(common)
    // A colon in the first step would make it a scheme.
    let text = steps.joined(separator: "/")
    return text.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed.subtracting([":", ";"]))
  }

  private func queries(_ result: RunResult) -> [Int] {
    var seen: Set<String> = []
    let ofClasses = result.answers.map(\.song).filter { seen.insert(results.songs.songs[$0].className).inserted }
    let count = min(Self.queryCount, ofClasses.count)
    return (0..<count).map { ofClasses[$0 * ofClasses.count / count] }
  }
}

extension Manifest {
  /// The name of a song for people: its title if the manifest has one, otherwise its file's name.
  func songTitle(_ index: Int) -> String {
    let song = songs[index]
    if let column = extraColumns.firstIndex(where: { $0.lowercased() == "title" }),
      song.extra.indices.contains(column), !song.extra[column].isEmpty
    {
      return song.extra[column]
    }
    let name = song.path.split(separator: "/").last.map(String.init) ?? song.path
    return name.lastIndex(of: ".").map { $0 > name.startIndex ? String(name[..<$0]) : name } ?? name
  }
}
