/// Something to be said of a file.
public struct FileRemark: Sendable, Hashable {
  /// What kind of thing is said.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The file could not be heard. If it is a track all the same, it was heard before it changed.
    case refused
    /// It is a video, and videos were not asked for.
    case video
    /// The file was heard, and something about it is worth knowing.
    case note
  }

  /// The file's absolute path.
  public var path: String
  /// What kind of thing is said.
  public var kind: Kind
  /// What is said, in one sentence or several.
  public var reason: String
  /// The file's size in bytes when it was said.
  public var fileSize: Int64
  /// The file's modification time when it was said, in nanoseconds since 1970.
  public var modificationTime: Int64
  /// What said it, with versions: another program may say something else.
  public var software: String

  /// A remark on a file of `fileSize` bytes and `modificationTime`.
  public init(path: String, kind: Kind, reason: String, fileSize: Int64, modificationTime: Int64, software: String) {
    self.path = path
    self.kind = kind
    self.reason = reason
    self.fileSize = fileSize
    self.modificationTime = modificationTime
    self.software = software
  }
}
