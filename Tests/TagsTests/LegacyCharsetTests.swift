import Foundation
import Tags
import Testing

@Suite struct LegacyCharsetTests {
  /// Text whose bytes in a code page were read as Latin-1.
  private func misread(_ text: String, _ encoding: String) throws -> String {
    let process = Process()
    (process.executableURL, process.arguments) = (URL(filePath: "/usr/bin/env"), ["iconv", "-t", encoding])
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try input.fileHandleForWriting.close()
    let data = try #require(try output.fileHandleForReading.readToEnd())
    process.waitUntilExit()
    return String(String.UnicodeScalarView(data.map { Unicode.Scalar($0) }))
  }

  @Test(arguments: [
    ("CP1251", "CP1251", ["Кино", "Группа крови", "Звезда по имени Солнце", "Track 4"]),
    ("CP1251", "CP1251", ["ДДТ", "Дождь", "Что такое осень"]),
    ("CP932", "CP932", ["サザンオールスターズ", "いとしのエリー", "真夏の果実"]),
    ("GBK", "GBK", ["邓丽君", "月亮代表我的心", "甜蜜蜜", "我只在乎你", "小城故事"]),
    ("CP949", "CP949", ["조용필", "돌아와요 부산항에", "창밖의 여자", "단발머리"]),
    ("UTF-8", "UTF-8", ["Café Tacvba", "Niño"]),
  ])
  func aCodePageIsFoundInAnAlbum(encoding: String, name: String, texts: [String]) throws {
    let misread = try texts.map { try self.misread($0, encoding) }
    let charset = try #require(LegacyCharset.detect(in: misread))
    #expect(charset.name == name)
    #expect(misread.map(charset.decoded) == texts)
  }

  @Test(arguments: [
    ["Björk", "Jóga", "Árstíðir"], ["Mötley Crüe", "Für Elise", "Ça va"], ["Café"], ["Ã"], ["naïve", "Æ", "ÆØÅ"],
    ["Ærlig", "Blåbær", "Øl"], ["Группа крови"], ["Plain"], [], ["Ñ"], ["Ÿ", "¿Qué?"], ["Große Straße", "Übermäßig"],
    ["Ólafur Arnalds", "Þú ert jörðin", "Lag fyrir ömmu"],
  ])
  func whatIsRightIsLeft(texts: [String]) {
    #expect(LegacyCharset.detect(in: texts) == nil)
  }

  @Test func anyCodePageThatTheSystemKnowsCanBeNamed() throws {
    let greek = try #require(LegacyCharset(named: "iso-8859-7"))
    #expect(greek.decoded(try misread("Μουσική", "ISO-8859-7")) == "Μουσική")
    #expect(greek.decoded("plain") == "plain" && greek.decoded("Μουσική") == nil)
    #expect(LegacyCharset(named: "no such page") == nil && LegacyCharset(named: "") == nil)
    for name in ["UTF-16", "UTF-7", "CP1251//TRANSLIT", "EBCDIC-US"] {
      #expect(LegacyCharset(named: name) == nil, "\(name)")
    }
    #expect(
      LegacyCharset(named: "Windows-1251")?.name == "CP1251" && LegacyCharset(named: "Shift_JIS")?.name == "CP932")
  }

  /// Threads share what converts.
  @Test func anyNumberOfThreadsDecode() async throws {
    let texts = [("CP1251", "Группа крови"), ("CP932", "いとしのエリー"), ("GBK", "月亮代表我的心")]
    let songs = try texts.map { name, text in
      (try #require(LegacyCharset(named: name)), try misread(text, name), text)
    }
    await withTaskGroup(of: Bool.self) { group in
      for (charset, misread, text) in songs + songs {
        group.addTask { (0..<500).allSatisfy { _ in charset.decoded(misread) == text } }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test func whatSpeaksAgainstACodePageIsLeftAlone() throws {
    let cyrillic = try #require(LegacyCharset(named: "CP1251"))
    #expect(cyrillic.suits([try misread("Кино", "CP1251"), "Live 1988"]) && cyrillic.suits(["Plain"]))
    #expect(!cyrillic.suits(["Björk"]))
  }

  @Test func theHalfCharacterThatID3v1LeavesIsLeftOut() throws {
    let japanese = try #require(LegacyCharset(named: "CP932"))
    let text = try misread("abcdefghijklmnopqrstuvwxyzabcあ", "CP932")
    #expect(japanese.decoded(String(text.unicodeScalars.prefix(30))) == "abcdefghijklmnopqrstuvwxyzabc")
    #expect(japanese.decoded(String(text.unicodeScalars.dropFirst(9).prefix(21))) == nil)
  }
}
