import Foundation

/// Where FMA's metadata and audio files lie after its archives were unpacked.
public struct FMALayout: Sendable, Hashable {
  /// The folder with `tracks.csv` and `genres.csv`.
  public let metadata: URL
  /// The folder with `000/000002.mp3`.
  public let audio: URL
  /// The subset that is used.
  public let subset: FMASubset
  /// Whether the audio folder holds whole songs rather than clips of 30 s.
  public let isUntrimmed: Bool

  /// Finds the folders.
  ///
  /// - Parameters:
  ///   - root: the folder that holds `fma_small` or the like, or such a folder itself.
  ///   - metadata: the metadata's folder; nil to look for `fma_metadata` in `root` and beside it.
  ///   - subset: nil for the subset that lies in `root`. A subset is also found in the folder of a larger one.
  /// - Throws: `DatasetError` if something is missing, or if it is not clear which subset is meant.
  public init(root: String, metadata: String? = nil, subset: FMASubset? = nil) throws(DatasetError) {
    let root = URL(filePath: root, directoryHint: .isDirectory).standardizedFileURL
    guard Self.isFolder(root) else {
      throw DatasetError(
        path: root.path, reason: "there is no such folder", remedy: "Name the folder of FMA's archives.")
    }
    self.metadata = try Self.metadata(named: metadata, root: root)
    let own = FMASubset.allCases.first { $0.folderName == root.lastPathComponent }
    let present = FMASubset.allCases.filter { Self.isFolder(root.appending(path: $0.folderName)) }
    if let own {
      audio = root
      self.subset = subset ?? own
      isUntrimmed = own == .full
      try Self.check(self.subset, isIn: own, root)
    } else if let holder = present.first(where: { subset == nil || $0 >= subset ?? $0 }) {
      guard subset != nil || present.count == 1 else {
        throw DatasetError(
          path: root.path, reason: "it holds \(present.map(\.folderName).joined(separator: ", "))",
          remedy: "Choose one with --subset.")
      }
      audio = root.appending(path: holder.folderName, directoryHint: .isDirectory)
      self.subset = subset ?? holder
      isUntrimmed = holder == .full
    } else if let holder = present.last, let subset {
      audio = root
      self.subset = subset
      isUntrimmed = false
      try Self.check(subset, isIn: holder, root)
    } else if let subset, Self.isFolder(root.appending(path: "000")) {
      (audio, self.subset, isUntrimmed) = (root, subset, subset == .full)
    } else {
      throw DatasetError(
        path: root.path, reason: "there is no fma_small, fma_medium, fma_large or fma_full in it",
        remedy: "Name the folder in which FMA's archives were unpacked. For one with 000, 001, …, give --subset too.")
    }
  }

  /// The file of a track: `012/012345.mp3`.
  public func path(ofTrack id: Int) -> String {
    let digits = String(id)
    let name = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    return audio.path + "/\(name.prefix(3))/\(name).mp3"
  }

  private static func metadata(named name: String?, root: URL) throws(DatasetError) -> URL {
    let candidates =
      name.map { [URL(filePath: $0, directoryHint: .isDirectory)] } ?? [
        root.appending(path: "fma_metadata"), root, root.deletingLastPathComponent().appending(path: "fma_metadata"),
      ]
    for folder in candidates where FileManager.default.fileExists(atPath: folder.appending(path: "tracks.csv").path) {
      return folder
    }
    throw DatasetError(
      path: candidates[0].path, reason: "there is no tracks.csv in it",
      remedy: "Unpack fma_metadata.zip. If it lies elsewhere, name its folder with --metadata.")
  }

  private static func check(_ subset: FMASubset, isIn holder: FMASubset, _ folder: URL) throws(DatasetError) {
    guard subset > holder else { return }
    throw DatasetError(
      path: folder.path, reason: "\(holder.folderName) does not hold the subset \(subset)",
      remedy: "Choose a smaller --subset, or unpack \(subset.folderName).zip.")
  }

  private static func isFolder(_ folder: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
