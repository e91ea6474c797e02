import Foundation

/// Why a dataset cannot be used.
public struct DatasetError: Error, Sendable, Hashable, CustomStringConvertible, LocalizedError {
  /// The manifest or folder.
  public let path: String
  /// What is wrong, such as "line 3 has no path"; a sentence may follow.
  public let reason: String
  /// What to do.
  public let remedy: String

  /// An error on a manifest or folder.
  public init(path: String, reason: String, remedy: String) {
    self.path = path
    self.reason = reason
    self.remedy = remedy
  }

  /// What is wrong, with what, and what to do.
  public var description: String { "\(path): \(reason)\(reason.hasSuffix(".") ? "" : ".") \(remedy)" }
  /// The same, for Foundation.
  public var errorDescription: String? { description }
}
