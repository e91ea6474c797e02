import Datasets

/// What `akin dataset check --json` prints.
struct DatasetCheckReport: Encodable {
  struct Part: Encodable {
    var name: String
    var songs: Int
  }

  struct File: Encodable {
    var path, problem, detail: String
    var parts: [String]
  }

  struct Song: Encodable {
    var path, part, `class`: String
  }

  struct Duplicate: Encodable {
    var likeness: String
    var songs: [Song]
    var similarity, offset: Double
    var straddles, contradicts: Bool
  }

  struct Class: Encodable {
    var name: String
    var songs: [Int]
  }

  struct Shared: Encodable {
    var label, name: String
    var songs: [Int]
  }

  var problems, songs, withoutClass: Int
  var parts: [Part]
  var files: [File]
  var duplicates: [Duplicate]
  var classes: [Class]
  var shared: [Shared]

  init(_ findings: DatasetFindings) {
    problems = findings.problemCount
    songs = findings.songs.count
    withoutClass = findings.withoutClass
    let sizes = Dictionary(grouping: findings.songs, by: \.part).mapValues(\.count)
    parts = findings.partNames.map { Part(name: $0, songs: sizes[$0] ?? 0) }
    files = findings.files.map {
      File(path: $0.path, problem: $0.problem.rawValue, detail: $0.detail, parts: $0.parts)
    }
    func song(_ song: ListedSong) -> Song { Song(path: song.path, part: song.part, class: song.song.className) }
    duplicates = findings.duplicates.map {
      Duplicate(
        likeness: $0.likeness.rawValue, songs: [song($0.first), song($0.second)], similarity: $0.similarity,
        offset: $0.offset, straddles: $0.straddles, contradicts: $0.contradicts)
    }
    classes = findings.classes.map { Class(name: $0.name, songs: $0.songs) }
    shared = findings.shared.map { Shared(label: $0.label.rawValue, name: $0.name, songs: $0.songs) }
  }
}
