import AudioFeatures
import Files
import Foundation

/// What a teacher said of patches of songs, to learn from: a folder that Scripts/student makes.
///
/// `teaching.json` says who teaches, how many of a target's numbers are the vector (those behind it are learned
/// beside), where patches start, in frames, and which songs take part. For each view of the songs, original or changed,
/// there is a pair of NumPy arrays:
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
    /// The rows of the songs that are learned from; nil for all.
    var rows: [Int]?
  }

  /// A view of all songs; the arrays stay on the disk and are read where they are needed.
  struct View: Sendable {
    let mels: Data
    let targets: Data
    let melOffset, targetOffset: Int
  }

  let description: Description
  let views: [View]
  /// Of a view's mels.
  let songs, frames, bands: Int
  /// Of a view's targets.
  let patches, numbers: Int
  /// The songs that are learned from.
  let rows: [Int]

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
    var views: [View] = []
    var shapes: [[Int]] = []
    for name in names {
      let (mels, melHeader) = try array(folder.appending(path: name + ".mels.npy"), .uint8, dimensions: 3)
      let targetFile = folder.appending(path: name + ".targets.npy")
      let (targets, targetHeader) = try array(targetFile, .float32, dimensions: 3)
      let shape = melHeader.shape + targetHeader.shape
      guard melHeader.shape[0] == targetHeader.shape[0], shape == shapes.first ?? shape else {
        throw refusal(targetFile, "its shapes \(shape) are not those of other views, or not of as many songs")
      }
      shapes.append(shape)
      views.append(
        View(
          mels: mels, targets: targets, melOffset: melHeader.dataOffset, targetOffset: targetHeader.dataOffset))
    }
    self.views = views
    (songs, frames, bands) = (shapes[0][0], shapes[0][1], shapes[0][2])
    (patches, numbers) = (shapes[0][4], shapes[0][5])
    rows = description.rows ?? Array(0..<songs)
    guard description.starts.count == patches, description.starts.allSatisfy({ (0..<frames).contains($0) }),
      (1...max(1, numbers)).contains(description.vector), !rows.isEmpty, rows.allSatisfy({ (0..<songs).contains($0) })
    else {
      throw refusal(file, "its patches, vector or rows do not fit the arrays of shapes \(shapes[0])")
    }
  }

  /// Decibels of `count` frames of a song, from `start` on; frames × bands.
  func decibels(view: Int, song: Int, start: Int, count: Int) -> [Float] {
    let view = views[view]
    let first = view.mels.startIndex + view.melOffset + (song * frames + start) * bands
    return view.mels[first..<first + count * bands].map { Float($0) * 80 / 255 - 80 }
  }

  /// What the teacher said of a patch: `numbers` values.
  func target(view: Int, song: Int, patch: Int) -> [Float] {
    let view = views[view]
    let first = view.targetOffset + (song * patches + patch) * numbers * 4
    return view.targets.withUnsafeBytes { bytes in
      (0..<numbers).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: first + 4 * $0, as: UInt32.self)))
      }
    }
  }
}
