import Foundation
import Reproducibility

#if canImport(Darwin)
  import Darwin
#endif

/// The machine that this program runs on.
enum Processor {
  /// Such as "AMD EPYC 7763, 2 processors".
  static var name: String {
    let count = Parallel.processorCount
    return "\(model ?? "an unknown processor"), \(count) \(count == 1 ? "processor" : "processors")"
  }

  private static var model: String? {
    #if canImport(Darwin)
      var size = 0
      guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0, size > 0 else { return nil }
      var bytes = [UInt8](repeating: 0, count: size)
      guard sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0) == 0 else { return nil }
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    #else
      // It is for people to read: without it the name is "unknown".
      guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return nil }
      let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
      return line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
    #endif
  }
}
