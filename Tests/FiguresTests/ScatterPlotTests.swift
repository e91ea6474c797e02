import Figures
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Names as tags may hold them.
private let nastyNames = [
  "<script>alert(1)</script>", "Tom & Jerry \"quoted\" 'single'", "]]> --> <!--", "a\u{0}b\u{1}c\u{1B}[31m\u{FFFE}",
  "tab\tline\nreturn\r", "\u{202E}right to left", "🎵 é e\u{301}\u{2028}", "&amp;", "</title></svg>", "",
]

@Suite struct ScatterPlotTests {
  /// What a parser finds in an SVG.
  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [(name: String, attributes: [String: String], text: String)] = []
    private var open: [Int] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      open.append(elements.count)
      elements.append((name, attributes, ""))
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      if let last = open.last { elements[last].text += text }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
      open.removeLast()
    }
  }

  private func parsed(_ svg: String) throws -> Reader {
    let parser = XMLParser(data: Data(svg.utf8))
    let reader = Reader()
    parser.delegate = reader
    try #require(parser.parse(), "\(String(describing: parser.parserError)) in line \(parser.lineNumber)")
    return reader
  }

  private func plot(_ names: [String?], title: String = "Songs", limit: Int = 16) -> ScatterPlot {
    ScatterPlot(
      title: title, classKind: "artist",
      points: names.enumerated().map { index, name in
        .init(x: Double(index), y: Double(index * index % 7), className: name, label: "\(name ?? "nobody") \(index)")
      }, namedClassLimit: limit)
  }

  @Test func nastyNamesLeaveWellFormedMarkup() throws {
    let reader = try parsed(plot(nastyNames, title: nastyNames.joined()).svg())
    let titles = reader.elements.filter { $0.name == "title" }
    // Each point and each line of the legend.
    #expect(titles.count == 2 * nastyNames.count)
    for name in [
      "<script>alert(1)</script> 0", "Tom & Jerry \"quoted\" 'single' 1", "&amp; 7", "🎵 é e\u{301}  6",
      "\u{FFFD}right to left 5",
    ] {
      #expect(titles.contains { $0.text.hasPrefix(name) })
    }
    #expect(!reader.elements.contains { $0.name == "script" })
    #expect(titles.contains { $0.text.hasPrefix("a\u{FFFD}b\u{FFFD}c\u{FFFD}[31m\u{FFFD} 3") })
  }

  @Test func aPageMayHoldSeveral() throws {
    let svg = plot(["a", "b", nil], title: "Figure 2").svg(isFile: false)
    let reader = try parsed("<body>\(svg)\(svg)</body>")
    #expect(reader.elements.count { $0.name == "circle" } == 2 * (3 + 3))
    #expect(!reader.elements.contains { $0.name == "rect" || $0.attributes["id"] != nil })
    #expect(!reader.elements.contains { $0.text.contains("Figure 2") }, "the page says it")
    #expect(reader.elements.first { $0.name == "svg" }?.attributes["aria-label"] == "Figure 2")
    // No rule of the style sheet reaches the page around it.
    let style = try #require(reader.elements.first { $0.name == "style" }).text
    let rules = style.replacing("@media(prefers-color-scheme:dark){", with: "").split(separator: "}")
    for selector in rules.flatMap({ $0.prefix { $0 != "{" }.split(separator: ",") }) {
      #expect(selector.hasPrefix(".scatter"))
    }
  }

  @Test func hoveringTellsTheClassOnce() throws {
    let points = [("pop", "Artist – Song"), ("Artist", "Artist – Song"), (nil, "Song")].map { name, label in
      ScatterPlot.Point(x: 0, y: 0, className: name, label: label)
    }
    let reader = try parsed(ScatterPlot(title: "t", classKind: "k", points: points).svg())
    let titles = reader.elements.filter { $0.name == "title" }.map(\.text)
    for text in ["Artist – Song (pop)", "Artist – Song", "Song"] { #expect(titles.contains(text)) }
  }

  @Test func thePageHoldsNamesAsDataOnly() throws {
    let page = plot(nastyNames, title: nastyNames.joined()).page()
    #expect(page.components(separatedBy: "<script").count == 3)
    #expect(page.components(separatedBy: "</script>").count == 3)
    #expect(!page.contains("alert(1)</script>"))
    #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("src="))
    let start = try #require(page.range(of: "<script id=\"data\" type=\"application/json\">"))
    let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
    let data = try JSONSerialization.jsonObject(with: Data(page[start.upperBound..<end.lowerBound].utf8))
    let songs = try #require((data as? [String: Any])?["songs"] as? [[String: Any]])
    #expect(songs.compactMap { $0["name"] as? String } == nastyNames)
    #expect(songs.compactMap { $0["style"] as? Int }.sorted() == Array(0..<nastyNames.count))
  }

  @Test func theLegendHasTheLargestClasses() throws {
    let names = ["b", "a", "c", "b", "a", "b", nil, "d", "e", "a", "f"]
    let plot = plot(names, limit: 3)
    #expect(plot.legend.map(\.name) == ["a", "b", "c", "3 others", "no artist"])
    #expect(plot.legend.map(\.count) == [3, 3, 1, 3, 1])
    #expect(plot.legend.map(\.style) == [0, 1, 2, nil, nil])
    let reader = try parsed(plot.svg())
    // With the legend's own marks.
    for (style, count) in [("c0", 4), ("c1", 4), ("c2", 2), ("other", 6)] {
      #expect(reader.elements.count { $0.attributes["class"] == style } == count)
    }
  }

  @Test func moreThanEightClassesHaveOtherShapes() throws {
    let reader = try parsed(plot((0..<32).map { "class \($0)" }, limit: 32).svg())
    let marks = reader.elements.filter { $0.attributes["class"]?.wholeMatch(of: /c\d/) != nil }
    let looks = marks.map { mark -> String in
      // The legend's are larger; the corners' signs tell the shapes apart.
      let corners = (mark.attributes["d"] ?? "o").replacing(/[1-9]\d*|0\.\d+/, with: "1")
      return (mark.attributes["class"] ?? "") + corners
    }
    #expect(marks.count == 64)
    #expect(Set(marks.map { $0.name }) == ["circle", "path"])
    #expect(Set(looks.prefix(32)).count >= 24)
  }

  @Test(arguments: [0, 1, 2, 40])
  func everyPointLiesInThePicture(count: Int) throws {
    let reader = try parsed(plot((0..<count).map { "\($0 % 3)" }).svg(width: 600, height: 400))
    let circles = reader.elements.filter { $0.name == "circle" }
    #expect(circles.count == count + min(count, 3))
    for circle in circles {
      #expect((0...600).contains(try #require(Double(circle.attributes["cx"] ?? ""))))
      #expect((0...400).contains(try #require(Double(circle.attributes["cy"] ?? ""))))
    }
  }

  @Test func extremeCoordinatesAreDrawnOrLeftOut() throws {
    let values = [0, -0.0, 1e308, -1e308, .nan, .infinity, .leastNonzeroMagnitude]
    let points = values.flatMap { x in values.map { ScatterPlot.Point(x: x, y: $0, className: "c", label: "p") } }
    let plot = ScatterPlot(title: "t", classKind: "k", points: points)
    #expect(try parsed(plot.svg()).elements.filter { $0.name == "circle" }.count == 25 + 1)
    #expect(!plot.page().contains("NaN\""))
  }
}
