import Foundation

/// Why a network cannot be run.
package enum OnnxError: Error, Sendable, Hashable, CustomStringConvertible, LocalizedError {
  /// ONNX Runtime itself is not there, or not usable: the places that were tried, each with what is wrong.
  case noLibrary([String])
  /// It refuses what it was asked to do, in its own words.
  case refused(action: String, reason: String)

  package var description: String {
    switch self {
    case .noLibrary(let places):
      """
      ONNX Runtime cannot be loaded (\(places.joined(separator: "; "))); install it with `Scripts/bootstrap onnx`, or \
      name its library in \(OnnxLibrary.variable)
      """
    case .refused(let action, let reason): "ONNX Runtime cannot \(action): \(reason)"
    }
  }

  package var errorDescription: String? { description }
}
