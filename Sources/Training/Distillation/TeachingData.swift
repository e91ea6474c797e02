import AudioFeatures
import Files
import Foundation
import SongModels

/// What a teacher said of patches of songs, to learn from: a folder that Scripts/student makes.
///
/// `teaching.json` says who teaches, how many of a target's numbers are the vector (those behind it are learned
/// beside), where patches start, in frames, and which rows take part. Songs, as they are or changed, are rows of pairs of
/// NumPy arrays:
/// - `NAME.mels.npy`: bytes, songs × frames × bands; b stands for b · 80 / 255 - 80 dB relative to the song's maximum;
/// - `NAME.targets.npy`: 32-bit floats, songs × patches × numbers.
public struct TeachingData: Sendable {
  /// What `teaching.json` says.
  struct Description: Codable, Sendable {
    /// The teacher's name and licence.
    var teacher: String
    /// The length of the vector.
    var vector: Int
    /// The first frame of each patch.
    var starts: [Int]
    /// The rows that are learned from, by the name of their arrays; nil for all.
    var rows: [String: [Int]]?
    /// The names of the arrays whose songs are as they are.
    var originals: [String]
  }

  /// Two arrays; they stay on the disk and are read where they are needed.
  private struct Arrays: Sendable {
    let mels, targets: Data
    let melOffset, targetOffset: Int
  }

  /// A song that is learned from, as it is or changed.
  struct Song: Sendable, Hashable {
    fileprivate let arrays, row: Int
  }

  let description: Description
  /// Of each song.
  let frames, bands: Int
  /// Of each song.
  let patches, numbers: Int
  /// What is learned from.
  let songs: [Song]
  /// Those that are as they are, or all if there are none.
  let originals: [Song]
  private let arrays: [Arrays]

  /// Opens a folder.
  ///
  /// - Throws: `FileError` that names the file and what is wrong with it.
  public init(folder: URL) throws {
    let remedy = "Make the folder with Scripts/student."
    func refusal(_ file: URL, _ reason: String) -> FileError {
      FileError(path: file.path, reason: reason, remedy: remedy)
    }
    func array(_ file: URL, _ element: NumPyHeader.Element, dimensions: Int) throws -> (Data, NumPyHeader) {
      let data: Data
      do { data = try Data(contentsOf: file, options: .alwaysMapped) } catch {
        throw refusal(file, "it cannot be read: \(error.systemReason)")
      }
      let header: NumPyHeader
      do { header = try NumPyHeader(decoding: [UInt8](data.prefix(1 << 16))) } catch {
        throw refusal(file, "it is no NumPy array: \(error)")
      }
      guard header.element == element, header.shape.count == dimensions, let count = header.dataByteCount,
        count <= data.count - header.dataOffset
      else {
        throw refusal(file, "it is not \(dimensions) dimensions of \(element.rawValue), or it ends early")
      }
      return (data, header)
    }
    let file = folder.appending(path: "teaching.json")
    do { description = try JSON.value(from: String(contentsOf: file, encoding: .utf8)) } catch {
      throw refusal(file, "it cannot be read: \(error)")
    }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .filter { $0.hasSuffix(".mels.npy") }.map { String($0.dropLast(".mels.npy".count)) }.sorted()
    guard !names.isEmpty else { throw refusal(folder, "it has no file NAME.mels.npy") }
    var arrays: [Arrays] = []
    var shape: [Int] = []
    var (songs, originals): ([Song], [Song]) = ([], [])
    for name in names {
      let (mels, melHeader) = try array(folder.appending(path: name + ".mels.npy"), .uint8, dimensions: 3)
      let targetFile = folder.appending(path: name + ".targets.npy")
      let (targets, targetHeader) = try array(targetFile, .float32, dimensions: 3)
      let own = Array(melHeader.shape[1...] + targetHeader.shape[1...])
      guard melHeader.shape[0] == targetHeader.shape[0], own == (shape.isEmpty ? own : shape) else {
        throw refusal(targetFile, "it is not of as many songs as \(name).mels.npy, or of other sizes than other arrays")
      }
      shape = own
      let count = melHeader.shape[0]
      let rows = description.rows.map { $0[name] ?? [] } ?? Array(0..<count)
      guard rows.allSatisfy({ (0..<count).contains($0) }) else {
        throw refusal(file, "its rows of \(name) do not lie in 0..<\(count)")
      }
      let rowsOfArrays = rows.map { Song(arrays: arrays.count, row: $0) }
      songs += rowsOfArrays
      if description.originals.contains(name) { originals += rowsOfArrays }
      arrays.append(
        Arrays(mels: mels, targets: targets, melOffset: melHeader.dataOffset, targetOffset: targetHeader.dataOffset))
    }
    (frames, bands, patches, numbers) = (shape[0], shape[1], shape[2], shape[3])
    self.arrays = arrays
    self.songs = songs
    self.originals = originals.isEmpty ? songs : originals
    let network = CharacterConfiguration()
    guard frames >= network.frameCount, bands == network.melBandCount else {
      throw refusal(
        folder,
        "its mels have \(frames) frames of \(bands) bands, not \(network.frameCount) or more of \(network.melBandCount)"
      )
    }
    guard description.starts.count == patches, description.starts.allSatisfy({ (0..<frames).contains($0) }),
      (1...max(1, numbers)).contains(description.vector), !songs.isEmpty
    else {
      throw refusal(file, "its patches, vector or rows do not fit arrays of \(shape)")
    }
  }

  /// Decibels of `count` frames of a song, from `start` on; frames × bands.
  func decibels(_ song: Song, start: Int, count: Int) -> [Float] {
    let arrays = arrays[song.arrays]
    let first = arrays.mels.startIndex + arrays.melOffset + (song.row * frames + start) * bands
    return arrays.mels[first..<first + count * bands].map { Float($0) * 80 / 255 - 80 }
  }

  /// What the teacher said of a patch: `numbers` values.
  func target(_ song: Song, patch: Int) -> [Float] {
    let arrays = arrays[song.arrays]
    let first = arrays.targetOffset + (song.row * patches + patch) * numbers * 4
    return arrays.targets.withUnsafeBytes { bytes in
      (0..<numbers).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: first + 4 * $0, as: UInt32.self)))
      }
    }
  }
}
