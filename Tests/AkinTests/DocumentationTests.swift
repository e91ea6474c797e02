import Foundation
import Testing

/// The documents of the repository name files and types that exist.
@Suite struct DocumentationTests {
  private static let package = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

  /// All documents, relative to the package.
  static let documents: [String] = ["", "docs", "docs/decisions", "Benchmarks"].flatMap { folder in
    let files = FileManager.default.enumerator(
      at: package.appending(path: folder), includingPropertiesForKeys: nil, options: .skipsSubdirectoryDescendants)
    let names = files?.compactMap { ($0 as? URL)?.lastPathComponent }.filter { $0.hasSuffix(".md") } ?? []
    return names.sorted().map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
  }

  /// Documents whose words in backquotes name what stands in the code today.
  static let guides = ["CONTRIBUTING.md", "docs/architecture.md", "docs/extending.md", "docs/glossary.md"]

  private static func text(of document: String) throws -> String {
    try String(contentsOf: package.appending(path: document), encoding: .utf8)
  }

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: package.appending(path: path).standardizedFileURL.path)
  }

  @Test("Links lead somewhere", arguments: documents)
  func links(document: String) throws {
    let folder = (document as NSString).deletingLastPathComponent
    for match in try Self.text(of: document).matches(of: /\]\((?<target>[^)#\s]+)[^)]*\)/) {
      let target = String(match.target)
      if target.contains(":") { continue }
      #expect(Self.exists("\(folder)/\(target)"), "\(document) links to \(target)")
    }
  }

  @Test("Files that are named exist", arguments: guides)
  func paths(document: String) throws {
    let roots = ["Benchmarks", "Scripts", "Sources", "Tests", "docs"]
    for match in try Self.text(of: document).matches(of: /`(?<path>[A-Za-z][\w.+\/-]*)`/) {
      let path = String(match.path)
      guard path.contains("/"), roots.contains(String(path.prefix { $0 != "/" })) else { continue }
      #expect(Self.exists(path), "\(document) names \(path)")
    }
  }

  @Test("Types that are named exist", arguments: guides)
  func types(document: String) throws {
    let words = try Self.words()
    for match in try Self.text(of: document).matches(of: /`(?<name>[A-Z][A-Za-z]*[a-z][A-Za-z]*(\.[A-Za-z]+)*)[^`]*`/) {
      if match.name.hasSuffix(".swift") { continue }
      for word in match.name.split(separator: ".") where !["Common", "Helpers", "Utils"].contains(word) {
        let exists = words.contains(String(word))
        #expect(exists, "\(document) names \(match.name)")
      }
    }
  }

  @Test("The drawn targets import what Package.swift says")
  func arrows() throws {
    let manifest = try Self.text(of: "Package.swift").replacing(/, package: "[^"]+"/, with: "")
    // What comes with a library of others is not drawn.
    let bundled: [String: Set<String>] = [
      "Hummingbird": ["HTTPTypes", "HummingbirdCore", "Logging", "ServiceLifecycle", "UnixSignals"],
      "HummingbirdTLS": ["NIOSSL"], "AsyncHTTPClient": ["NIOCore", "NIOFoundationCompat", "NIOHTTP1", "NIOSSL"],
    ]
    var imports = bundled
    for match in manifest.matches(of: /(?:library\(|name:)\s*"(?<name>\w+)",\s*(?:dependencies: )?\[(?<list>[^\]]*)\]/)
    {
      let names = match.list.matches(of: /"(?<name>\w+)"/).map { String($0.name) }
      imports[String(match.name)] = Set(names).subtracting(["ArgumentParser"])
    }
    var drawn: [String: Set<String>] = [:]
    for match in try Self.text(of: "docs/architecture.md").matches(of: /\n  (?<name>\w+) --> (?<list>.*)/) {
      drawn[String(match.name)] = Set(match.list.split(separator: " & ").map(String.init))
    }
    func reachable(_ name: String) -> Set<String> {
      (imports[name] ?? []).reduce(into: []) { $0.formUnion(reachable($1).union([$1])) }
    }
    #expect(drawn.count > 15)
    for (name, targets) in imports where !targets.isEmpty && name != "TestSupport" && bundled[name] == nil {
      let direct = targets.filter { target in !targets.contains { reachable($0).contains(target) } }
      #expect(drawn[name] == direct, "\(name) imports \(direct.sorted().joined(separator: " & "))")
    }
  }

  /// All words of the package's Swift files, and the names of its folders and files.
  private static func words() throws -> Set<String> {
    var words: Set<String> = []
    for folder in ["Sources", "Tests"] {
      let files = FileManager.default.enumerator(at: package.appending(path: folder), includingPropertiesForKeys: nil)
      while let file = files?.nextObject() as? URL {
        words.insert(file.deletingPathExtension().lastPathComponent)
        guard file.pathExtension == "swift" else { continue }
        let text = try String(contentsOf: file, encoding: .utf8)
        words.formUnion(text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
      }
    }
    return words
  }
}
