import Foundation

/// Why a model cannot be used.
public struct ModelError: Error, Sendable, Hashable, CustomStringConvertible, LocalizedError {
  /// What the user can do.
  public enum Remedy: String, Sendable {
    /// The file is not a usable model.
    case anotherFile = "name another model file, or train one with `akin train`"
    /// The file is of another version.
    case retrain = "train the model again with `akin train`"
    /// There is no such model.
    case nameOne = "name a model file, akin, descriptor, mfcc or mfcc-standardised"
  }

  /// The model's file or name.
  public let model: String
  /// What is wrong.
  public let reason: String
  /// What to do.
  public let remedy: Remedy

  /// An error on a model.
  package init(model: String, reason: String, remedy: Remedy) {
    self.model = model
    self.reason = reason
    self.remedy = remedy
  }

  /// What is wrong, with what, and what to do.
  public var description: String { "the model \(model) cannot be used: \(reason); \(remedy.rawValue)" }
  /// The same, for Foundation.
  public var errorDescription: String? { description }
}
