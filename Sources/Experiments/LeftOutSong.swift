/// A song that takes no part in an experiment.
public struct LeftOutSong: Sendable, Hashable, Codable {
  /// The kind of reason.
  public enum Cause: String, Sendable, Codable {
    /// The manifest gives it no class.
    case withoutClass
    /// There are too few songs of its class.
    case smallClass
    /// No features can be made of it, for example because the file is missing or damaged.
    case unusable
  }

  /// The file.
  public var path: String
  /// The kind of reason.
  public var cause: Cause
  /// Why, in words.
  public var reason: String

  package init(path: String, cause: Cause, reason: String) {
    self.path = path
    self.cause = cause
    self.reason = reason
  }
}
