/// Where folders lie now that lay elsewhere: on another machine, or before a disk was mounted under another name.
public struct PathMap: Sendable, Hashable {
  /// Absolute paths of folders or files, without a slash at their end (but "/" itself), and what takes their place; the
  /// longest first.
  public let places: [Place]

  /// An old path and the new one.
  public struct Place: Sendable, Hashable {
    /// The absolute path that was.
    public let old: String
    /// The absolute path that is.
    public let new: String

    /// An old path and the new one; slashes at their ends do not count.
    public init(old: String, new: String) {
      for path in [old, new] {
        precondition(path.utf8.first == UInt8(ascii: "/"), "the path \(path) is not absolute")
      }
      (self.old, self.new) = (Self.withoutSlashes(old), Self.withoutSlashes(new))
    }

    private static func withoutSlashes(_ path: String) -> String {
      var path = Substring(path)
      while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path = Substring(path.utf8.dropLast()) }
      return String(path)
    }
  }

  /// A map of these places; of two that fit a path, the longer one counts.
  public init(_ places: [Place] = []) {
    self.places = places.sorted { $0.old.utf8.count > $1.old.utf8.count }
  }

  /// The path that takes the place of one; nil if it stays. Paths are compared byte by byte, whole names only: "/a/b" is
  /// not below "/a/bc".
  public func moved(_ path: String) -> String? {
    for place in places {
      guard let rest = Self.rest(of: path, below: place.old) else { continue }
      return place.new == "/" && !rest.isEmpty ? rest : place.new + rest
    }
    return nil
  }

  /// What follows a folder in a path, from its slash on; nil if the path is elsewhere.
  static func rest(of path: String, below folder: String) -> String? {
    if folder == "/" { return path.utf8.first == UInt8(ascii: "/") ? (path == "/" ? "" : path) : nil }
    guard path.utf8.starts(with: folder.utf8) else { return nil }
    let rest = path.utf8.dropFirst(folder.utf8.count)
    return rest.isEmpty || rest.first == UInt8(ascii: "/") ? String(Substring(rest)) : nil
  }
}
