import Files
import Foundation

/// Manifests in a folder of their own.
enum DatasetFiles {
  /// Makes the folder if it is missing.
  static func makeFolder(_ folder: URL) throws {
    try FileError.makeFolder(folder, remedy: "Choose another with --output.")
  }

  /// The manifests of a split in a folder, with their names: training, validation and test, or fold-1 and so on.
  static func parts(in folder: URL) throws -> [(name: String, file: URL)] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".csv") }
      .map { String($0.dropLast(4)) }
    let usual = ["training", "validation", "test"].filter(names.contains)
    let folds = names.compactMap(foldNumber).sorted().map { "fold-\($0)" }
    return (usual + folds).map { ($0, folder.appending(path: "\($0).csv")) }
  }

  private static func foldNumber(_ name: String) -> Int? {
    guard name.hasPrefix("fold-"), let number = Int(name.dropFirst(5)), "fold-\(number)" == name else { return nil }
    return number
  }
}
