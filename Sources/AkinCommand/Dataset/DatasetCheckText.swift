import Datasets

/// What `akin dataset check` prints: a table of all checks, and below it what was found. Long lists are shortened.
struct DatasetCheckText {
  private let findings: DatasetFindings
  private let shortest: Double
  /// The largest number of findings of one kind that are printed.
  private static let most = 10

  init(_ findings: DatasetFindings, shortest: Double) {
    self.findings = findings
    self.shortest = shortest
  }

  var text: String {
    var lines = [table]
    for problem in DatasetFindings.FileProblem.allCases {
      let files = findings.files.filter { $0.problem == problem }
      lines += section(title(problem), files.map { "\(shownPath($0.path)): \($0.detail)" })
    }
    for likeness in DatasetFindings.Likeness.allCases {
      let pairs = findings.duplicates.filter { $0.likeness == likeness }
      lines += section(title(likeness), pairs.map(describe))
    }
    lines += section("classes of a single song", findings.singletonClasses.map(\.name))
    for label in GroupingKey.allCases {
      let shared = findings.shared.filter { $0.label == label }
      lines += section("\(label)s in several parts", shared.map { "\($0.name): \(counts($0.songs))" })
    }
    let verdict =
      findings.problemCount == 0 ? "nothing is wrong" : "\(counted(findings.problemCount, "problem"))"
    return (lines + ["", "\(counted(findings.songs.count, "song")), \(verdict)"]).joined(separator: "\n")
  }

  private var table: String {
    var table = Table(header: ["check", "found"], alignments: [.left, .left])
    func add(_ name: String, _ count: Int, _ verdict: String? = nil) {
      table.add([name, count == 0 ? "0" : verdict.map { "\(count), \($0)" } ?? counted(count, "problem")])
    }
    for problem in DatasetFindings.FileProblem.allCases {
      add(title(problem), findings.files.count { $0.problem == problem })
    }
    for likeness in DatasetFindings.Likeness.allCases where likeness != .path || findings.partNames.count > 1 {
      add(title(likeness), findings.duplicates.count { $0.likeness == likeness })
    }
    if findings.duplicates.contains(where: \.contradicts) {
      add("of these in different classes", findings.duplicates.count(where: \.contradicts), "counted above")
    }
    if findings.partNames.count > 1 {
      add("of these in different parts", findings.duplicates.count(where: \.straddles), "counted above")
      for label in GroupingKey.allCases {
        add(
          "\(label)s in several parts", findings.shared.count { $0.label == label },
          findings.apart == label ? nil : "no problem")
      }
    }
    add("classes of a single song", findings.singletonClasses.count)
    add("songs without a class", findings.withoutClass, "no problem")
    return table.text + "\n" + balance
  }

  private var balance: String {
    let sizes = findings.classes.map(\.total)
    guard let most = sizes.first, let least = sizes.last else { return "no song has a class" }
    var text =
      "\(counted(sizes.count, "class")) of \(least) to \(most) songs, half of them \(sizes[sizes.count / 2]) or more"
    if findings.partNames.count > 1 {
      let everywhere = findings.classes.count { !$0.songs.contains(0) }
      text += "; \(everywhere) of them in every part"
    }
    return text
  }

  private func title(_ problem: DatasetFindings.FileProblem) -> String {
    switch problem {
    case .missing: "missing files"
    case .undecodable: "undecodable files"
    case .silent: "silent songs"
    case .silentMiddle: "songs with a silent middle"
    case .truncated: "songs that are broken off"
    case .cancelling: "songs whose channels cancel each other"
    case .short: "songs shorter than \(decimal(shortest, 1)) s"
    }
  }

  private func title(_ likeness: DatasetFindings.Likeness) -> String {
    switch likeness {
    case .path: "songs in several parts"
    case .bytes: "duplicates: the same bytes"
    case .samples: "duplicates: the same samples"
    case .sound: "duplicates: the same sound"
    }
  }

  private func describe(_ pair: DatasetFindings.Duplicate) -> String {
    func name(_ song: ListedSong) -> String { shownPath(song.path) + (pair.straddles ? " (\(song.part))" : "") }
    var text = "\(name(pair.first)) = \(name(pair.second))"
    if pair.likeness == .path { text = "\(shownPath(pair.first.path)): \(pair.first.part), \(pair.second.part)" }
    if pair.likeness == .sound {
      text += ", similarity \(decimal(pair.similarity, 2)), \(decimal(pair.offset, 1)) s apart"
    }
    return text + (pair.contradicts ? ", in different classes" : "")
  }

  private func counts(_ songs: [Int]) -> String {
    zip(findings.partNames, songs).filter { $0.1 > 0 }.map { "\($0.1) in \($0.0)" }.joined(separator: ", ")
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    guard !lines.isEmpty else { return [] }
    let rest = lines.count - Self.most
    return ["", "\(title):"] + lines.prefix(Self.most).map { "  \(visible($0))" }
      + (rest > 0 ? ["  and \(rest) more; --json lists all"] : [])
  }
}
