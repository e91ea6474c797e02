import Foundation

enum ProcessorCount {
  static let value = ProcessInfo.processInfo.activeProcessorCount
}
