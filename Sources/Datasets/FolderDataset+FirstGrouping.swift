import Foundation

extension FolderDataset {
  /// The dataset by the first of several groupings that gives enough classes, or else by the last of them.
  ///
  /// - Parameters:
  ///   - groupings: At least one.
  ///   - leastClasses: How many classes are enough.
  ///   - minimum: The least number of songs of a class.
  public static func make(
    byFirstOf groupings: [Grouping], leastClasses: Int, minimum: Int, threads: Int, from folder: String,
    manifestFolder: URL?
  ) throws(DatasetError) -> (grouping: Grouping, result: Result) {
    precondition(!groupings.isEmpty, "no grouping to choose from")
    var made: (grouping: Grouping, result: Result)?
    for grouping in groupings {
      let result = try FolderDataset(grouping: grouping, minimum: minimum, threads: threads).make(
        from: folder, manifestFolder: manifestFolder)
      made = (grouping, result)
      if result.manifest.classNames.count >= leastClasses { break }
    }
    guard let made else { preconditionFailure("no grouping was tried") }
    return made
  }
}
