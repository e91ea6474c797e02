import ArgumentParser
import CKernels
import Foundation
import NeuralNetwork

/// What each hand-written kernel takes for one song of the paper's network, beside its plain reference.
struct Kernels: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Each kernel on one core, in every instruction set of the processor, as a Markdown table.",
    discussion: "A kernel that is not much faster than its reference has no reason to be there.")

  @Option(help: "How long to measure each, in seconds.")
  var seconds = 0.5

  private var instructionSets: [akin_instructions] {
    (0..<AKIN_INSTRUCTION_SET_COUNT.rawValue).map(akin_instructions.init(rawValue:))
      .filter(akin_supports_instruction_set)
  }

  func run() throws {
    let names = instructionSets.map { String(cString: akin_instruction_set_name($0)) }
    print("| ms for a song, one core | \((["plain loops"] + names).joined(separator: " | ")) |")
    print("| --- |" + String(repeating: " ---: |", count: names.count + 1))
    for (index, block) in Self.blocks.enumerated() {
      let work = ConvolutionWork(block)
      report("convolution \(index + 1) forward", work.forwardReference) { work.forward(winners: false) }
      report("convolution \(index + 1) forward, with winners", work.forwardReference) { work.forward(winners: true) }
      report("convolution \(index + 1) backward", work.backwardReference, work.backward)
    }
    let work = GRUWork()
    report("GRU forward, a direction (of four songs)", songs: 4, work.forwardReference, work.forward)
    report("GRU forward and backward", songs: 4, work.backwardReference, work.backward)
    let input = FloatBuffer(count: 640 * 128)
    let output = FloatBuffer(count: 160 * 64)
    var winners = [UInt8](repeating: 0, count: output.count)
    report(
      "max-pooling 4 × 2", { akin_max_pool(640, 128, 4, 2, input.pointer, output.pointer, &winners) },
      { akin_max_pool(640, 128, 4, 2, input.pointer, output.pointer, nil) })
    reportMel()
    let resampling = DecimationWork()
    report("filter and decimation, 30 s at 44,100 Hz", resampling.reference, resampling.kernel)
    let scan = CodesWork()
    report("scan of 10,000 codes of 60 values, 96 queries", scan.reference, scan.kernel)
    reportDotProducts()
  }

  /// As when a collection's songs are compared with a few of its own.
  private func reportDotProducts() {
    let (length, rows) = (1712, (0..<Int64(64)).map { $0 })
    let (vector, vectors) = (randomBuffer(length), randomBuffer(length * rows.count))
    let results = FloatBuffer(count: rows.count)
    report(
      "dot products of 64 vectors of 1,712 values with one",
      {
        akin_reference_dot_products(
          Int64(length), vector.pointer, vectors.pointer, rows, Int64(rows.count), results.pointer)
      },
      { akin_dot_products(Int64(length), vector.pointer, vectors.pointer, rows, Int64(rows.count), results.pointer) })
  }

  /// The network's blocks: channels, and pools.
  private static var blocks: [akin_conv_block] {
    [
      akin_conv_block(
        inputFrames: 640, inputBands: 128, inputChannels: 1, outputChannels: 16, poolFrames: 2, poolBands: 2),
      akin_conv_block(
        inputFrames: 319, inputBands: 64, inputChannels: 16, outputChannels: 32, poolFrames: 2, poolBands: 2),
      akin_conv_block(
        inputFrames: 158, inputBands: 32, inputChannels: 32, outputChannels: 64, poolFrames: 2, poolBands: 2),
      akin_conv_block(
        inputFrames: 78, inputBands: 16, inputChannels: 64, outputChannels: 128, poolFrames: 4, poolBands: 4),
      akin_conv_block(
        inputFrames: 19, inputBands: 4, inputChannels: 128, outputChannels: 64, poolFrames: 4, poolBands: 4),
    ]
  }

  private func milliseconds(songs: Int, _ work: () -> Void) -> String {
    work()
    var count = 0
    let start = ContinuousClock.now
    var elapsed = Duration.zero
    while elapsed < .seconds(seconds) || count < 2 {
      work()
      count += 1
      elapsed = start.duration(to: .now)
    }
    return String(format: "%.3f", elapsed / .milliseconds(1) / Double(count * songs))
  }

  private func report(_ name: String, songs: Int = 1, _ reference: () -> Void, _ kernel: () -> Void) {
    let cells = instructionSets.map { set in
      _ = akin_force_instruction_set(set)
      defer { akin_unforce_instruction_set() }
      return milliseconds(songs: songs, kernel)
    }
    print("| \(name) | \(([milliseconds(songs: songs, reference)] + cells).joined(separator: " | ")) |")
  }

  /// What follows the transform, for the 647 frames of a clip.
  private func reportMel() {
    let frames = 647
    let (transform, power) = (randomBuffer(2048), FloatBuffer(count: 1040))
    let (cosines, sines) = (randomBuffer(513), randomBuffer(513))
    report(
      "power spectrum, 647 frames",
      {
        for _ in 0..<frames {
          akin_reference_mel_kernels().pointee.power_spectrum(
            transform.pointer, cosines.pointer, sines.pointer, power.pointer, 1024)
        }
      },
      {
        let kernels = akin_mel_kernels_of(akin_instruction_set()).pointee
        for _ in 0..<frames {
          kernels.power_spectrum(transform.pointer, cosines.pointer, sines.pointer, power.pointer, 1024)
        }
      })
    // Bands as wide as those of the Slaney scale on average.
    let first = (0..<128).map { Int32($0 * 7) }
    let counts = [Int32](repeating: 24, count: 16)
    let (weights, decibels) = (randomBuffer(16 * 24 * 8), FloatBuffer(count: 128))
    first.withUnsafeBufferPointer { first in
      counts.withUnsafeBufferPointer { counts in
        var bank = akin_mel_bank(
          paddedBandCount: 128, firstBins: first.baseAddress, weightCounts: counts.baseAddress, weights: weights.pointer
        )
        report(
          "mel bands and logarithm, 647 frames",
          {
            for _ in 0..<frames {
              akin_reference_mel_kernels().pointee.mel_decibels(&bank, power.pointer, decibels.pointer)
            }
          },
          {
            let kernels = akin_mel_kernels_of(akin_instruction_set()).pointee
            for _ in 0..<frames { kernels.mel_decibels(&bank, power.pointer, decibels.pointer) }
          })
      }
    }
  }
}
