import AudioDecoding
import AudioFeatures
import Catalogue
import Foundation
import MetricLearning
import MusicLibrary
import NeuralNetwork
import Tags
import TestSupport
import Testing

/// The snippets of the documentation: each is a file of the folder Examples, which is compiled here with the imports
/// that a reader would copy, and run.
@Suite struct ExampleTests {
  private static let package = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

  private static func text(of path: String) throws -> String {
    try String(contentsOf: package.appending(path: path), encoding: .utf8)
  }

  @Test(
    "A DocC catalogue shows the example that is compiled",
    arguments: [
      "Akin", "AudioDecoding", "AudioFeatures", "Catalogue", "MetricLearning", "NearestNeighbors", "NeuralNetwork",
    ])
  func snippet(product: String) throws {
    let example = try Self.text(of: "Tests/AkinTests/Examples/\(product)Example.swift")
    let page = try Self.text(of: "Sources/\(product)/\(product).docc/\(product).md")
    #expect(page.contains("```swift\n\(example)```\n"), "copy Examples/\(product)Example.swift into \(product).md")
  }

  @Test("The README shows the example that is compiled")
  func readme() throws {
    let example = try Self.text(of: "Tests/AkinTests/Examples/AkinExample.swift")
    #expect(try Self.text(of: "README.md").contains("```swift\n\(example)```\n"))
  }

  @Test func audioDecoding() throws {
    let folder = try TemporaryFolder()
    let path = folder("song.flac")
    try TestSong(kind: 0, variant: 0).write(to: path, tags: .init(title: "Rain"))
    let description = try summary(ofFile: path)
    #expect(description.hasPrefix("Rain: flac, 1 s, peak 0.2"), "\(description)")
  }

  @Test func audioFeatures() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "log-mel.npy")
    let samples = TestSong(kind: 0, variant: 0).samples
    try writeLogMel(of: samples, to: file)
    let array = try NumPyArray(contentsOf: file)
    #expect(array.shape == [1 + samples.count / 512, 128])
    // Of a tone of 110 Hz, around a fifth of a mel band's distance above the fourth band.
    let frame = array.values[10 * 128..<11 * 128]
    let loudest = try #require(frame.indices.max { frame[$0] < frame[$1] }) - frame.startIndex
    #expect((2...5).contains(loudest), "band \(loudest)")
  }

  @Test func neuralNetwork() throws {
    let line = learnedLine()
    let weight = try #require(line.tensors["line.weight"])
    let bias = try #require(line.tensors["line.bias"])
    #expect(weight.shape == [1, 1] && bias.shape == [1])
    #expect(abs(weight.values[0] - 2) < 1e-4 && abs(bias.values[0] + 1) < 1e-4)
  }

  @Test func metricLearning() {
    let embeddings = EmbeddingMatrix(rows: [[0, 0], [1, 0], [2, 0], [4, 0]])
    let result = hardTripletLoss(of: embeddings, labels: [0, 0, 1, 1])
    // Anchors in order: 1 - 4 + 1, 1 - 1 + 1, 4 - 1 + 1 and 4 - 9 + 1, of which the negative count as 0.
    #expect(result.loss == 5 && result.activeTripletFraction == 0.5)
  }

  @Test func nearestNeighbors() throws {
    let found = try names(
      nearestTo: [1, 0], in: ["across": [0, 3], "against": [-1, 0], "along": [5, 0], "between": [1, 1]], count: 2)
    #expect(found == ["along", "between"])
  }

  @Test func catalogue() throws {
    let folder = try TemporaryFolder()
    #expect(try storedVector(inCatalogue: folder("library.sqlite")) == [0.1, 0.5, 0.2])
  }

  @Test func akin() throws {
    let folder = try TemporaryFolder()
    try TestSong.writeCollection(kinds: 3, variants: 3, in: folder("music"))
    let found = try songs(soundingLike: "Song 1-1", in: folder("music"), library: folder("library.sqlite"))
    #expect(found.count == 8)
    #expect(Set(found.prefix(2).map(\.track.tags.artist)) == ["Artist 1"])
  }
}
