import ArgumentParser
import AudioDecoding
import AudioFeatures
import Files
import Foundation
import SongModels
import Training

struct FeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features", abstract: "Write a file's log-mel spectrogram or MFCC statistics, as .npy or JSON.",
    discussion: """
      logmel: frames × 128 bands of the whole file in dB below its maximum, floor at -80 dB, at 22,050 Hz; what the \
      network sees is its middle (--frames 640). mfcc: the 140 statistics of the baseline, of the 30 s in the middle \
      at the file's own rate.
      """)

  enum Kind: String, CaseIterable, ExpressibleByArgument { case logmel, mfcc }

  @Argument(help: ArgumentHelp("An audio file.", valueName: "file"))
  var file: String

  @Option(help: "logmel or mfcc.")
  var kind = Kind.logmel

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The .npy file to write; without it JSON is printed.", valueName: "file"))
  var output: String?

  @Option(
    help: """
      Samples from one frame to the next (default: \(TrainingPreset.standard.features.hopLength), what a network hears \
      by default).
      """)
  var hopLength: Int?

  @Option(help: "logmel: so many frames from the middle, padded with the floor (default: all).")
  var frames: Int?

  @OptionGroup var overwriting: OverwriteOptions

  private struct Report: Encodable {
    var path, kind: String
    var shape: [Int]
    var values: [Float]
  }

  func validate() throws {
    if let hopLength, !(1...8192).contains(hopLength) { throw ValidationError("--hop-length must lie in 1...8192") }
    if let frames, !(1...1_000_000).contains(frames) { throw ValidationError("--frames must lie in 1...1000000") }
    if kind == .mfcc && frames != nil { throw ValidationError("--frames goes with --kind logmel") }
  }

  func run() throws {
    if let output { try overwriting.check(output, is: .array) }
    let array = try kind == .logmel ? logMel() : mfcc()
    if let output {
      try overwriting.write(Data(array.encoded()), to: output, as: .array)
    } else {
      StandardOutput.write(JSON.text(Report(path: file, kind: kind.rawValue, shape: array.shape, values: array.values)))
    }
  }

  private func logMel() throws -> NumPyArray {
    let configuration = try LogMelConfiguration(hopLength: hopLength ?? TrainingPreset.standard.features.hopLength)
    let extractor = try LogMelExtractor(configuration: configuration)
    if let frames {
      // Decodes only the middle, as embedding and training do: these are the very numbers that a network hears.
      let (spectrogram, info) = try LogMelExcerpt.read(
        SongSource(file: file), frameCount: frames, extractor: extractor)
      Terminal(isQuiet: false).warn(of: info.notes, file)
      return NumPyArray(spectrogram.middleExcerpt(frameCount: frames))
    }
    let audio = try AudioDecoder.decode(file: file, sampleRate: configuration.sampleRate)
    Terminal(isQuiet: false).warn(of: audio.info.notes, file)
    let spectrogram = extractor.spectrogram(of: audio.samples)
    return NumPyArray(spectrogram.excerpt(startingAt: 0, frameCount: spectrogram.frameCount))
  }

  private func mfcc() throws -> NumPyArray {
    let audio = try AudioDecoder.decode(file: file, excerpt: .middle(seconds: SongEmbedder.baselineSeconds))
    Terminal(isQuiet: false).warn(of: audio.info.notes, file)
    let configuration = try MFCCConfiguration(hopLength: hopLength ?? MFCCConfiguration.standardHopLength)
    let statistics = try MFCCExtractor(configuration: configuration).statistics(
      of: audio.samples, sampleRate: audio.sampleRate)
    return NumPyArray(shape: [statistics.count], values: statistics)
  }
}
