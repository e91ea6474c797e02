import MetricLearning
import MusicLibrary

/// How well models find a collection's artists, albums and genres, as tables.
enum QualityText {
  static func text(of quality: LibraryQuality) -> String {
    var parts = LibraryQuality.Question.allCases.compactMap { table(of: $0, quality) }
    parts.append(hubs(of: quality))
    if quality.lacksBaseline {
      parts.append("For the MFCC baseline beside them: akin index FOLDER --model mfcc")
    }
    return parts.joined(separator: "\n\n")
  }

  private static func table(of question: LibraryQuality.Question, _ quality: LibraryQuality) -> String? {
    let answered = quality.models.compactMap { entry in
      entry.answers.first { $0.question == question }.map { (entry.model, $0) }
    }
    guard let (_, first) = answered.first else { return nil }
    var table = Table(
      header: ["", "MAP", "MRR", "P@1", "P@5", "P@9"], alignments: [.left] + Array(repeating: .right, count: 5))
    func add(_ name: String, _ measures: QueryMeasures) {
      let values = [
        measures.averagePrecision, measures.reciprocalRank, measures.precisionAt1, measures.precisionAt5,
        measures.precisionAt9,
      ]
      table.add([name] + values.map { decimal($0, 3) })
    }
    for (model, answer) in answered { add(model, answer.measures) }
    add("chance", first.chance)
    return title(question) + ", asked by \(counted(first.queries, "song")):\n" + table.text
  }

  private static func title(_ question: LibraryQuality.Question) -> String {
    switch question {
    case .artist: "Songs by the same artist"
    case .album: "Songs of the same album"
    case .genre: "Songs of the same genre, by other artists"
    }
  }

  private static func hubs(of quality: LibraryQuality) -> String {
    var table = Table(
      header: ["", "skewness", "largest", "in nobody's list", "by chance"],
      alignments: [.left] + Array(repeating: .right, count: 4))
    func add(_ name: String, _ hubs: LibraryQuality.Hubs) {
      table.add([
        name, decimal(hubs.skewness, 2), "\(hubs.largest)", "\(decimal(100 * hubs.nobodysShare, 1)) %",
        "\(decimal(100 * hubs.nobodysShareByChance, 1)) %",
      ])
    }
    for entry in quality.models {
      if let before = entry.hubsBefore { add("\(entry.model), hubs left in", before) }
      add(entry.model, entry.hubs)
    }
    let (lists, songs) = (quality.models.first?.lists ?? 0, quality.models.first?.songs ?? 0)
    let sample = lists < songs ? " (a sample of \(counted(songs, "song")))" : ""
    return "How often songs are among the ten nearest of others, in \(counted(lists, "list"))\(sample):\n" + table.text
  }
}
