import ArgumentParser
import CKernels
import CMachineLimits
import Foundation
import Reproducibility

/// What the processor can do at most.
enum MachineLimits {
  /// Floating-point operations per second of all threads together, in the instruction set that Akin's kernels use.
  static func multiplyAdds(threads: Int) -> Double {
    let name = akin_instruction_set_name(akin_instruction_set())
    func run(rounds: Int64) -> Double {
      let start = ContinuousClock.now
      Parallel.forEach(count: threads, threads: threads) { _, _ in _ = machine_multiply_add(name, rounds) }
      return start.duration(to: .now) / .seconds(1)
    }
    let rounds: Int64 = 20_000_000
    _ = run(rounds: rounds / 4)
    return Double(machine_multiply_add(name, 1)) * Double(rounds) * Double(threads) / run(rounds: rounds)
  }

  /// Bytes per second that all threads together read from memory, each from its own part of half a gigabyte.
  static func reading(threads: Int) -> Double {
    let count = 1 << 26
    let words = [UInt64](repeating: 1, count: count)
    let part = count / threads
    func run() -> Double {
      let start = ContinuousClock.now
      words.withUnsafeBufferPointer { words in
        guard let first = words.baseAddress else { return }
        Parallel.forEach(count: threads, threads: threads) { index, _ in
          _ = machine_read(first + index * part, Int64(part))
        }
      }
      return start.duration(to: .now) / .seconds(1)
    }
    _ = run()
    let rounds = 5
    let seconds = (0..<rounds).reduce(0) { total, _ in total + run() }
    return Double(8 * part * threads * rounds) / seconds
  }
}

/// Describes the processor.
struct Machine: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "The instruction set in use, and the machine's limits.")

  @Option(help: "Threads.")
  var threads = 1

  private struct Description: Encodable {
    var instructionSet: String
    var multiplyAdds, reading: Double
  }

  func run() throws {
    let description = Description(
      instructionSet: String(cString: akin_instruction_set_name(akin_instruction_set())),
      multiplyAdds: MachineLimits.multiplyAdds(threads: threads), reading: MachineLimits.reading(threads: threads))
    print(String(decoding: try JSONEncoder().encode(description), as: UTF8.self))
  }
}
