import AudioFeatures
import AudioFiles
import Catalogue
import Files
import Foundation
import NearestNeighbors
import SongModels

/// Songs' paths and their vectors, as other programs read and write them.
///
/// Either JSON Lines, `{"embedding":[…],"path":"…"}` a line; or an array of NumPy, songs × dimension, and beside it the
/// paths as a list in JSON: `name.npy` and `name.paths.json`.
public struct VectorTable: Sendable, Hashable {
  /// The songs' paths.
  public let paths: [String]
  /// The length of a vector.
  public let dimension: Int
  /// `paths.count` × `dimension` values, row by row.
  public let values: [Float]

  /// The vectors that a model has in a catalogue: the model's own, as they are stored.
  ///
  /// - Throws: `CatalogueError`, and `LibraryError.nothingIndexed`.
  public init(model: EmbeddingModel, in catalogue: Catalogue) throws {
    guard try catalogue.revision(model: model.identifier) != nil else {
      throw LibraryError.nothingHeard(by: model, in: catalogue.path)
    }
    let embeddings = try catalogue.embeddings(model: model.identifier)
    let tracks = try catalogue.tracks(ids: embeddings.ids)
    paths = try embeddings.ids.map { id in
      guard let track = tracks[id] else {
        throw CatalogueError(.damaged, path: catalogue.path, action: "read the vectors", detail: "songs are missing")
      }
      return track.path
    }
    dimension = embeddings.dimension
    values = embeddings.values
  }

  /// The vector of a row.
  public func vector(_ row: Int) -> ArraySlice<Float> { values[row * dimension..<(row + 1) * dimension] }

  // MARK: - Writing

  /// A line of JSON Lines.
  private struct Line: Codable {
    var path: String
    var embedding: [Float]
  }

  /// The line of a row, without its end.
  public func jsonLine(_ row: Int) -> String { JSON.text(Line(path: paths[row], embedding: Array(vector(row)))) }

  /// Writes an array of NumPy and, beside it, the paths; each whole or not at all.
  ///
  /// - Throws: `FileError`.
  public func writeNPY(to file: String) throws(FileError) {
    let array = NumPyArray(shape: [paths.count, dimension], values: values)
    try FileError.write(Data(array.encoded()), to: URL(filePath: file))
    try FileError.write(Data((JSON.text(paths) + "\n").utf8), to: URL(filePath: Self.pathsFile(of: file)))
  }

  /// Where the paths lie that belong to an array.
  public static func pathsFile(of file: String) -> String { (file as NSString).deletingPathExtension + ".paths.json" }

  // MARK: - Reading

  /// Reads an array with its paths, or JSON Lines if the name does not end in `.npy`. Relative paths are those from the
  /// current folder.
  ///
  /// - Throws: `FileError` that names the line, or the song, with what is wrong.
  public init(file: String) throws(FileError) {
    let (paths, dimension, values) =
      file.lowercased().hasSuffix(".npy") ? try Self.readNPY(file) : try Self.readLines(file)
    guard !paths.isEmpty else { throw Self.fault(file, "it holds no vectors") }
    guard (1...PackedVectors.largestDimension).contains(dimension) else {
      throw Self.fault(
        file, "its vectors have \(dimension) numbers, and not 1 to \(PackedVectors.largestDimension)")
    }
    for (row, path) in paths.enumerated() {
      let vector = values[row * dimension..<(row + 1) * dimension]
      guard vector.allSatisfy(\.isFinite) else {
        throw Self.fault(file, "the vector of \(path) has a number that is not finite")
      }
      // It has no direction to compare.
      if vector.allSatisfy({ $0 == 0 }) { throw Self.fault(file, "the vector of \(path) is zero") }
    }
    self.paths = paths.map(AudioFileWalk.lexicalPath)
    self.dimension = dimension
    self.values = values
  }

  private static func readNPY(_ file: String) throws(FileError) -> (paths: [String], dimension: Int, values: [Float]) {
    let array: NumPyArray
    do { array = try NumPyArray(decoding: [UInt8](try data(file))) } catch let error as AudioFeatureError {
      throw fault(file, "it is no array that NumPy saved: \(error)")
    } catch let error as FileError { throw error } catch { throw fault(file, "\(error)") }
    guard array.shape.count == 2 else {
      throw fault(file, "its shape is \(array.shape), and not songs × numbers")
    }
    let list = pathsFile(of: file)
    let paths: [String]
    do { paths = try JSON.value(from: String(decoding: try data(list), as: UTF8.self)) } catch let error as FileError {
      throw error
    } catch { throw fault(list, "it is not a list of paths in JSON") }
    guard paths.count == array.shape[0] else {
      throw fault(list, "it has \(paths.count) paths for \(array.shape[0]) vectors")
    }
    return (paths, array.shape[1], array.values)
  }

  private static func readLines(_ file: String) throws(FileError) -> (paths: [String], dimension: Int, values: [Float])
  {
    var (paths, values): ([String], [Float]) = ([], [])
    var dimension: Int?
    let text = String(decoding: try data(file), as: UTF8.self)
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.allSatisfy(\.isWhitespace) { continue }
      let read: Line
      do { read = try JSON.value(from: String(line)) } catch {
        throw fault(file, "line \(number + 1) is not {\"path\":\"…\",\"embedding\":[…]}")
      }
      guard read.embedding.count == dimension ?? read.embedding.count else {
        throw fault(
          file, "line \(number + 1) has \(read.embedding.count) numbers, and those before it have \(dimension ?? 0)")
      }
      dimension = read.embedding.count
      paths.append(read.path)
      values += read.embedding
    }
    return (paths, dimension ?? 0, values)
  }

  private static func data(_ file: String) throws(FileError) -> Data {
    do { return try Data(contentsOf: URL(filePath: file)) } catch {
      throw FileError(path: file, reason: "it cannot be read: \(error.systemReason)", remedy: "Check the path.")
    }
  }

  private static func fault(_ file: String, _ reason: String) -> FileError {
    FileError(
      path: file, reason: reason,
      remedy: "Write JSON Lines, or an array of float32 or float64 as name.npy with the paths in name.paths.json.")
  }
}

extension Catalogue {
  /// Stores the vectors of another program's model, in the place of those that it had.
  ///
  /// - Returns: The paths that the catalogue does not hold; their vectors are left out.
  /// - Throws: `CatalogueError`, and `LibraryError.noVectorsOfSongs` if none of the songs is there.
  public func add(_ table: VectorTable, of model: ForeignModel) throws -> [String] {
    var (vectors, unknown): ([(track: TrackID, vector: [Float])], [String]) = ([], [])
    for (row, path) in table.paths.enumerated() {
      if let track = try track(path: path) {
        vectors.append((track.id, Array(table.vector(row))))
      } else {
        unknown.append(path)
      }
    }
    guard !vectors.isEmpty else { throw LibraryError.noVectorsOfSongs(library: path, example: unknown[0]) }
    try replaceVectors(of: EmbeddingModel.foreign(model).stored, by: vectors)
    return unknown
  }
}
