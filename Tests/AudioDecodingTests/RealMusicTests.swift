import AudioDecoding
import Foundation
import Testing

/// Real music from a folder beside the package, if there is one.
@Suite struct RealMusicTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../shared/data/emotify").standardizedFileURL.path

  static let isThere = FileManager.default.fileExists(atPath: folder + "/labels.csv")

  @Test(
    "The artist in the tags is the artist in the labels",
    .enabled(if: isThere, "no music at ../shared/data/emotify"))
  func tags() throws {
    let text = try String(contentsOfFile: Self.folder + "/labels.csv", encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline)
    let labels = lines.dropFirst().map(Self.fields)
    var mismatches: [String] = []
    for label in labels {
      let info = try AudioDecoder.info(ofFile: "\(Self.folder)/\(label[0])")
      if info.tags.artist != label[1] || info.tags.album != label[2] {
        mismatches.append("\(label[0]): \(info.tags) instead of \(label)")
      }
    }
    #expect(labels.count == 250)
    #expect(mismatches == [])
  }

  @Test("An MP3's excerpt is the same as in the whole", .enabled(if: isThere, "no music at ../shared/data/emotify"))
  func excerpt() throws {
    let path = Self.folder + "/classical/1.mp3"
    let whole = try AudioDecoder.decode(file: path, sampleRate: 22_050)
    let part = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 15), sampleRate: 22_050)
    let first = Int((part.startTime * 22_050).rounded())
    #expect(part.samples.count == 330_750)
    #expect(Signal.largestDifference(part.samples, whole.samples[first..<first + part.samples.count]) < 1e-4)
  }

  /// The fields of a line of CSV.
  private static func fields(_ line: Substring) -> [String] {
    var fields = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
    }
    return fields
  }
}
