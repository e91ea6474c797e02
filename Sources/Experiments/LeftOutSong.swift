/// A song that takes no part in an experiment.
public struct LeftOutSong: Sendable, Hashable, Codable {
  /// What kind of reason it is.
  public enum Cause: String, Sendable, Codable {
    /// The manifest gives it no class.
    case withoutClass
    /// There are too few songs of its class.
    case smallClass
    /// A feature set cannot be made of it: the file is missing, damaged or silent.
    case unusable
  }

  /// The file.
  public var path: String
  /// What kind of reason it is.
  public var cause: Cause
  /// Why, in words.
  public var reason: String

  package init(path: String, cause: Cause, reason: String) {
    self.path = path
    self.cause = cause
    self.reason = reason
  }
}
