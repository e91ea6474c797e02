import Foundation

/// Finds which folders below a root are gone or empty; each is looked at once.
struct LostFolders {
  private let root: String
  private var isLost: [String: Bool] = [:]

  /// Folders below `root`, an absolute path.
  init(root: String) { self.root = root }

  /// The outermost folder below the root that holds `path` and is gone or empty; nil if none is. A folder that cannot
  /// be listed is neither.
  mutating func outermost(around path: String) -> String? {
    var folder = root == "/" ? "" : root
    let names = path.dropFirst(folder.count).split(separator: "/").dropLast()
    for name in names {
      folder += "/" + name
      if check(folder) { return folder }
    }
    return nil
  }

  private mutating func check(_ folder: String) -> Bool {
    if let known = isLost[folder] { return known }
    let result: Bool
    do {
      result = try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty
    } catch {
      result = !FileManager.default.fileExists(atPath: folder)
    }
    isLost[folder] = result
    return result
  }
}
