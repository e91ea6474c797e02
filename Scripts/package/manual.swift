// Writes the manual pages, akin.1, akin-index.1 and so on, from what the program says of itself:
//
//     akin --experimental-dump-help | swift manual.swift VERSION YYYY-MM-DD FOLDER
//
// The plugin of swift-argument-parser would build the program anew in debug mode, and it fills paragraphs out of the
// examples. Swift, because nothing else is surely there where Akin is built.
import Foundation

// MARK: - What the program says

/// As swift-argument-parser writes it (`ToolInfo.swift` there).
struct Tool: Decodable { let command: Command }

struct Command: Decodable {
  let commandName: String
  let superCommands: [String]?
  let shouldDisplay: Bool
  let abstract: String?
  let discussion: String?
  let subcommands: [Command]?
  let arguments: [Argument]?

  var words: [String] { (superCommands ?? []) + [commandName] }
  /// akin-dataset-check
  var page: String { words.joined(separator: "-") }
  /// All but `help`, which is a page's own business.
  var children: [Command] { (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" } }
  var positionals: [Argument] { displayed.filter { $0.kind == .positional } }
  var options: [Argument] { displayed.filter { $0.kind != .positional } }
  private var displayed: [Argument] { (arguments ?? []).filter(\.shouldDisplay) }
}

struct Argument: Decodable {
  enum Kind: String, Decodable { case positional, option, flag }
  struct Name: Decodable {
    let kind: String
    let name: String
  }

  let kind: Kind
  let shouldDisplay: Bool
  let sectionTitle: String?
  let isOptional: Bool
  let isRepeating: Bool
  var names: [Name]?
  let preferredName: Name?
  let valueName: String?
  let defaultValue: String?
  let allValues: [String]?
  let abstract: String?
  let discussion: String?

  /// What the help says after the abstract; values that it names already are not named twice.
  var remark: String {
    var parts: [String] = []
    let words = Set((abstract ?? "").split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init))
    if let allValues, !allValues.allSatisfy(words.contains) {
      parts.append("values: " + allValues.joined(separator: ", "))
    }
    if let defaultValue { parts.append("default: " + defaultValue) }
    return parts.isEmpty ? "" : "(" + parts.joined(separator: "; ") + ")"
  }
}

// MARK: - Text as mdoc

/// A word of code: nothing in it may become a typographic sign.
func code(_ text: String) -> String {
  let signs: [Character: String] = [
    "\\": "\\e", "-": "\\-", "~": "\\(ti", "^": "\\(ha", "`": "\\(ga", "'": "\\(aq", "\"": "\\(dq",
  ]
  return plain(text.map { signs[$0] ?? String($0) }.joined())
}

/// Characters beyond ASCII by their numbers, whatever the reader's encoding.
func plain(_ text: String) -> String {
  text.unicodeScalars.map { $0.isASCII ? String($0) : String(format: "\\[u%04X]", $0.value) }.joined()
}

/// An argument of a macro: in quotation marks, and never itself a macro.
func quoted(_ text: String) -> String {
  let text = code(text)
  return text.contains(" ") || text.isEmpty ? "\"\(text)\"" : "\\&\(text)"
}

/// Running text: `code` in bold, options with true minus signs, each sentence on a line of its own as mdoc wants it.
func prose(_ text: String) -> String {
  var result = ""
  for (index, piece) in text.components(separatedBy: "`").enumerated() {
    if index % 2 == 1 {
      result += "\\fB\(code(piece))\\fR"
    } else {
      var words = piece.components(separatedBy: " ")
      for (place, word) in words.enumerated() {
        let bare = word.trimmingPrefix { $0 == "(" }.replacing(#/[.,;:)]+$/#, with: "")
        let isCode = bare.first.map { "-~$".contains($0) } ?? false || bare.contains { "/={}_.\"".contains($0) }
        // \% forbids to hyphenate.
        words[place] = isCode ? "\\%" + code(word) : plain(word.replacingOccurrences(of: "\\", with: "\\e"))
      }
      result += words.joined(separator: " ")
    }
  }
  let sentences = result.replacing(#/([.!?]\)?) +(?=[A-Z(])/#) { "\($0.output.1)\n" }
  return sentences.components(separatedBy: "\n").flatMap { filled($0) }
    .map { $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&" + $0 : $0 }
    .joined(separator: "\n")
}

/// Lines of at most 78 characters; spaces in bold code may end one, too.
func filled(_ text: String) -> [String] {
  var lines = [""]
  for word in text.components(separatedBy: " ") {
    let line = lines[lines.count - 1]
    if line.isEmpty {
      lines[lines.count - 1] = word
    } else if line.count + 1 + word.count <= 78 {
      lines[lines.count - 1] = line + " " + word
    } else {
      lines.append(word)
    }
  }
  return lines
}

/// The discussion in the help: paragraphs, and indented examples with what they do behind two spaces or more.
func paragraphs(_ text: String) -> [String] {
  var lines: [String] = []
  var inExamples = false
  for line in text.components(separatedBy: "\n") {
    let isExample = line.hasPrefix("  ")
    if isExample != inExamples { lines += isExample ? [".Pp", ".Bl -tag -width Ds -compact"] : [".El"] }
    inExamples = isExample
    let trimmed = line.trimmingCharacters(in: .whitespaces)
    if trimmed.isEmpty {
      lines.append(".Pp")
    } else if isExample {
      let gap = trimmed.range(of: "  ")
      let example = gap.map { String(trimmed[..<$0.lowerBound]) } ?? trimmed
      let meaning = gap.map { trimmed[$0.upperBound...].trimmingCharacters(in: .whitespaces) }
      lines.append(".It Li \(quoted(example))")
      if let meaning { lines.append(prose(meaning)) }
    } else {
      if lines.last == ".El" { lines.append(".Pp") }
      lines.append(prose(trimmed))
    }
  }
  if inExamples { lines.append(".El") }
  return lines
}

// MARK: - The page of a command

struct Page {
  let command: Command
  let version: String
  let date: Date
  /// Every page there is, for the root's SEE ALSO.
  let all: [Command]

  var text: String {
    let parts = [
      header, name, synopsis, description, commands, arguments, options, environment, files, exitStatus, seeAlso,
    ]
    return parts.flatMap { $0 }.joined(separator: "\n") + "\n"
  }

  private var isRoot: Bool { command.superCommands == nil }

  private var header: [String] {
    let month = Date.FormatStyle(locale: Locale(identifier: "en_US"), timeZone: .gmt).month(.wide)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let day = calendar.component(.day, from: date)
    let year = calendar.component(.year, from: date)
    return [
      ".Dd \(date.formatted(month)) \(day), \(year)", ".Dt \(command.page.uppercased()) 1", ".Os akin \(version)",
    ]
  }

  private var name: [String] {
    var abstract = command.abstract ?? ""
    if abstract.hasSuffix(".") { abstract.removeLast() }
    let beginning = abstract.prefix(2)
    if beginning.count < 2 || beginning.last!.isLowercase {
      abstract = beginning.prefix(1).lowercased() + abstract.dropFirst()
    }
    return [".Sh NAME", ".Nm \(command.page)", ".Nd \(plain(abstract))"]
  }

  private var synopsis: [String] {
    var lines = [".Sh SYNOPSIS", ".Nm \(quoted(command.words.joined(separator: " ")))"]
    if !command.children.isEmpty { return lines + [".Ar command", ".Op Ar option ..."] }
    for option in merged(command.options) where !["help", "version"].contains(option.preferredName?.name) {
      let names = (option.names?.count ?? 0) > 1 && option.kind == .flag && isInverted(option)
      let first = names ? option.names!.map(flag).joined(separator: " | ") : flag(option.preferredName!)
      let value = option.kind == .option ? " Ar \(quoted(option.valueName ?? "value"))" : ""
      let more = option.isRepeating ? " ..." : ""
      lines.append(option.isOptional ? ".Op \(first)\(value)\(more)" : ".\(first)\(value)\(more)")
    }
    for argument in command.positionals {
      let value = "Ar \(quoted(argument.valueName ?? "value"))\(argument.isRepeating ? " ..." : "")"
      lines.append(argument.isOptional ? ".Op \(value)" : ".\(value)")
    }
    return lines
  }

  private var description: [String] {
    let text = discussion.filter { !$0.hasPrefix("Exit status: ") }.joined(separator: "\n\n")
    return [".Sh DESCRIPTION", prose(command.abstract ?? "")] + (text.isEmpty ? [] : [".Pp"] + paragraphs(text))
  }

  /// The discussion's paragraphs.
  private var discussion: [String] { (command.discussion ?? "").components(separatedBy: "\n\n") }

  private var commands: [String] {
    section("COMMANDS", command.children) { [".It Xr \($0.page) 1", prose($0.abstract ?? "")] }
  }

  private var arguments: [String] {
    section("ARGUMENTS", command.positionals) { [".It Ar \(quoted($0.valueName ?? "value"))"] + explanation(of: $0) }
  }

  private var options: [String] {
    let options = merged(command.options)
    var titles: [String?] = [nil]
    for option in options where !titles.contains(option.sectionTitle) { titles.append(option.sectionTitle) }
    var lines = [".Sh OPTIONS"]
    for title in titles {
      let group = options.filter { $0.sectionTitle == title }
      if group.isEmpty { continue }
      if let title { lines.append(".Ss \(plain(title))") }
      lines.append(".Bl -tag -width Ds")
      for option in group {
        let short = option.names!.filter { $0.kind == "short" }
        let names = (short + option.names!.filter { $0.kind != "short" }).map(flag).joined(separator: " , ")
        let value = option.kind == .option ? " Ar \(quoted(option.valueName ?? "value"))" : ""
        lines.append(".It \(names)\(value)")
        lines += explanation(of: option)
      }
      lines.append(".El")
    }
    return lines
  }

  private var environment: [String] {
    guard isRoot else { return [] }
    return [
      ".Sh ENVIRONMENT", ".Bl -tag -width Ds", ".It Ev AKIN_LIBRARY", "The library file, unless",
      ".Fl \\-library", "names one.", ".El",
    ]
  }

  private var files: [String] {
    guard isRoot else { return [] }
    return [
      ".Sh FILES", ".Bl -tag -width Ds", ".It Pa \\(ti/.local/share/akin/library.sqlite",
      "The library.", "The", ".Pa .index", "files beside it are derived from it, and can be deleted at any time.",
      "On macOS it lies in", ".Pa \"\\(ti/Library/Application Support/akin\" .", ".El",
    ]
  }

  /// From the paragraph `Exit status: 0 done; 1 failed. More.`, or else as the root's.
  private var exitStatus: [String] {
    let lead = "Exit status: "
    guard let paragraph = discussion.first(where: { $0.hasPrefix(lead) }) else {
      return isRoot ? [] : [".Sh EXIT STATUS", "As in", ".Xr \(command.words[0]) 1 ."]
    }
    var text = String(paragraph.dropFirst(lead.count))
    var rest = ""
    if let end = text.range(of: ". ") {
      rest = String(text[end.upperBound...])
      text = String(text[..<end.lowerBound])
    } else if text.hasSuffix(".") {
      text.removeLast()
    }
    var lines = [".Sh EXIT STATUS", ".Bl -tag -width Ds -compact"]
    for part in text.components(separatedBy: "; ") {
      let words = part.split(separator: " ", maxSplits: 1)
      lines += [".It \(words[0])", prose(words.dropFirst().joined())]
    }
    return lines + [".El"] + (rest.isEmpty ? [] : [".Pp", prose(rest)])
  }

  private var seeAlso: [String] {
    var pages = isRoot ? all.map(\.page) : command.children.map(\.page)
    for count in 1..<max(1, command.words.count) { pages.append(command.words.prefix(count).joined(separator: "-")) }
    pages = Set(pages).subtracting([command.page]).sorted()
    if pages.isEmpty { return [] }
    return [".Sh SEE ALSO"] + pages.map { ".Xr \($0) 1\($0 == pages.last ? "" : " ,")" }
  }

  private func section<Element>(_ title: String, _ elements: [Element], _ item: (Element) -> [String]) -> [String] {
    elements.isEmpty ? [] : [".Sh \(title)", ".Bl -tag -width Ds"] + elements.flatMap(item) + [".El"]
  }

  private func explanation(of argument: Argument) -> [String] {
    var text = argument.abstract ?? ""
    if !argument.remark.isEmpty {
      if text.hasSuffix(".") { text.removeLast() }
      text += " \(argument.remark)."
    }
    return [prose(text)] + (argument.discussion.map { [".Pp"] + paragraphs($0) } ?? [])
  }

  /// `Fl` writes one minus sign itself.
  private func flag(_ name: Argument.Name) -> String { "Fl \(name.kind == "long" ? "\\-" : "")\(code(name.name))" }

  private func isInverted(_ option: Argument) -> Bool {
    option.names!.contains { name in option.names!.contains { $0.name == "no-" + name.name } }
  }

  /// --adopt and --no-adopt are two arguments there, and one here.
  private func merged(_ options: [Argument]) -> [Argument] {
    var result: [Argument] = []
    for option in options {
      let name = option.preferredName?.name ?? ""
      if option.kind == .flag, let last = result.last, last.kind == .flag, name == "no-\(last.preferredName!.name)" {
        result[result.count - 1].names! += option.names!
      } else {
        result.append(option)
      }
    }
    return result
  }
}

// MARK: -

guard CommandLine.arguments.count == 4,
  let date = try? Date(CommandLine.arguments[2], strategy: .iso8601.year().month().day())
else {
  FileHandle.standardError.write(Data("usage: manual.swift VERSION YYYY-MM-DD FOLDER <DUMP\n".utf8))
  exit(64)
}
let folder = URL(filePath: CommandLine.arguments[3], directoryHint: .isDirectory)
let tool = try JSONDecoder().decode(Tool.self, from: FileHandle.standardInput.readDataToEndOfFile())

func withChildren(_ command: Command) -> [Command] { [command] + command.children.flatMap(withChildren) }
let all = withChildren(tool.command)
for command in all {
  let page = Page(command: command, version: CommandLine.arguments[1], date: date, all: all)
  try Data(page.text.utf8).write(to: folder.appending(path: "\(command.page).1"))
}
