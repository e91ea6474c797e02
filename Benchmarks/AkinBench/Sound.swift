import ArgumentParser
import AudioDecoding
import AudioFeatures
import CFFmpeg
import Files
import Foundation
import NeuralNetwork
import Reproducibility
import Synchronization
import SyntheticMusic

/// A log-mel spectrogram from samples in memory.
struct LogMel: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Samples to a log-mel spectrogram, for one song.",
    discussion: "The limit is FFmpeg's complex transform of half the size alone, for as many frames.")

  @Option(help: "Mono samples at 22,050 Hz as .npy.")
  var samples: String

  @Option(help: "Samples from one frame to the next.")
  var hopLength = 1024

  @OptionGroup var measuring: MeasuringOptions

  func run() throws {
    let samples = try NumPyArray(contentsOf: URL(filePath: samples)).values
    let extractor = try LogMelExtractor(configuration: LogMelConfiguration(hopLength: hopLength))
    if measuring.limit {
      let frames = extractor.spectrogram(of: samples).frameCount
      return try transforms(count: frames, size: extractor.configuration.fftSize / 2).print()
    }
    try Measurement.repeating(items: 1, options: measuring) { _ = extractor.spectrogram(of: samples) }.print()
  }

  private func transforms(count: Int, size: Int) throws -> Measurement {
    var context: OpaquePointer?
    var transform: av_tx_fn?
    var scale: Float = 1
    guard av_tx_init(&context, &transform, AV_TX_FLOAT_FFT, 0, Int32(size), &scale, 0) >= 0, let transform else {
      throw ValidationError("FFmpeg has no transform of \(size) values.")
    }
    defer { av_tx_uninit(&context) }
    let (input, output) = (FloatBuffer(count: 2 * size), FloatBuffer(count: 2 * size))
    return Measurement.repeating(items: 1, options: measuring) {
      for _ in 0..<count { transform(context, output.pointer, input.pointer, 8) }
    }
  }
}

/// Decoding, mixing and resampling without anything after them.
struct Decoding: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Files to mono samples at 22,050 Hz, for one file.")

  @Option(help: "JSON: a list of paths.")
  var files: String

  @Option(help: "Excerpts of 30 s, spread over a file, in the place of the middle 32 s; 0 for all of it.")
  var excerpts: Int?

  @OptionGroup var measuring: MeasuringOptions

  private var parts: [AudioPart] {
    let chosen: [Excerpt] =
      switch excerpts {
      case nil: [.middle(seconds: 32)]
      case 0: [.whole]
      case let count?: (0..<count).map { .spread(index: $0, count: count, seconds: 30) }
      }
    return chosen.map { AudioPart($0, sampleRate: 22_050) }
  }

  func run() throws {
    let paths = try JSONDecoder().decode([String].self, from: Data(contentsOf: URL(filePath: files)))
    let failures = Mutex([String]())
    let parts = parts
    let measurement = Measurement.repeating(items: paths.count, least: 1, options: measuring) {
      Parallel.forEach(count: paths.count, threads: measuring.threads) { index, _ in
        do {
          _ = try AudioDecoder.decode(file: paths[index], parts: parts)
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    if let failure = failures.withLock({ $0.first }) { throw ValidationError(failure) }
    try measurement.print()
  }
}

/// Digests by which moved files are recognised.
struct Digests: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Files to digests of their sound, opened for that alone, for one file.",
    discussion: "Names files whose digest is another if it is made on the way of decoding, and counts those without.")

  @Option(help: "JSON: a list of paths.")
  var files: String

  @OptionGroup var measuring: MeasuringOptions

  func run() throws {
    let paths = try JSONDecoder().decode([String].self, from: Data(contentsOf: URL(filePath: files)))
    var without = 0
    for path in paths {
      let alone = try AudioDecoder.soundDigest(ofFile: path).digest
      let onTheWay = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 30), sampleRate: 22_050).soundDigest
      if alone == nil { without += 1 }
      if alone != onTheWay { print("\(path): \(alone?.rawValue ?? "none") \(onTheWay?.rawValue ?? "none")") }
    }
    print("\(without) of \(paths.count) without a digest")
    try Measurement.repeating(items: paths.count, least: 1, options: measuring) {
      for path in paths { _ = try? AudioDecoder.soundDigest(ofFile: path) }
    }.print()
  }
}

/// Music for those who bring none.
struct Compose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Composes the demo's collection into a folder, or another one.")

  @Argument(help: "The folder.")
  var folder: String

  @Option(help: "The length of each song in seconds; long ones have an intro, a break and an outro.")
  var seconds = 30.0

  @Option(help: "Songs a band, up to 24.")
  var songs = 12

  @Option(help: "The random seed.")
  var seed: UInt64 = 1

  func run() throws {
    try SyntheticCollection(seed: seed, songsPerBand: songs, secondsPerSong: seconds).write(to: URL(filePath: folder))
  }
}

/// A long file from a short one.
struct Lengthen: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Repeats a file until it has a length.")

  @Argument(help: "The file.")
  var input: String

  @Argument(help: "The MP3 file to write.")
  var output: String

  @Option(help: "Its length in seconds.")
  var seconds: Int

  func run() throws {
    let rate = 22_050
    let song = try AudioDecoder.decode(file: input, sampleRate: rate).samples
    let samples = (0..<seconds * rate).map { song[$0 % song.count] }
    try AudioEncoder.write([samples], sampleRate: rate, to: output, format: .mp3)
  }
}
