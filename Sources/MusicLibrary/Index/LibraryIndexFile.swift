import AudioFeatures
import Catalogue
import Files
import Foundation
import NearestNeighbors
import SearchSpaces
import SongModels

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The packed file of a catalogue's songs as a model compares them, beside the catalogue that it is derived from: it is
/// mapped into memory and searched as it lies.
///
/// A header of eight 64-bit words, little-endian, then the model's identifier, the statistics of the collection (means,
/// then scales), what makes similarities of cosines (each song's mean and deviation, or else one typical cosine, in 32
/// bits), the squared lengths of the aspects of each song's vector (in 32 bits, if the model tells aspects apart), the
/// marks by which copies are known, the tracks' numbers, the checksums of the values, and the vectors as codes and as
/// values, each part filled with zeros to a multiple of 64 bytes:
///
///     0 "AKINPACK"   1 version   2 revision   3 songs   4 dimension
///     5 bytes of the identifier, in 32 bits, and what there is, in 32 bits:
///       1 statistics of the collection + 2 statistics of similarity
///     6 checksum of what lies between the header and the values   7 checksum of the header
///
/// Both checksums are checked whenever the file is opened, that of the header first: a header that is whole, of whatever
/// version, tells whether the file is the one that is wanted. Checking the values as well would take longer than all the
/// rest, and a search looks at few of them: so they have checksums in blocks of whole vectors, each of which is checked
/// when it is read for the first time (`BlockCheck`).
package struct LibraryIndexFile {
  /// The path of the file.
  package let path: String
  private let model: EmbeddingModel

  /// What the header begins with. Up to version 5 it was another word, and the header had no checksum of its own.
  private static let magic = UInt64(littleEndian: 0x4B43_4150_4E49_4B41)
  private static let earlierMagic = UInt64(littleEndian: 0x5844_4E49_4E49_4B41)
  /// The version of the format: raise it if parts move or mean something else. The header stays as it is.
  private static let version: UInt64 = 7
  private static let headerSize = 64

  /// The file of a model. Models that share vectors but compare them differently have files of their own.
  package init(catalogue path: String, model: EmbeddingModel) {
    self.path = "\(path)-\(model.spaceIdentifier).index"
    self.model = model
  }

  /// Whether a file has a name that those beside a catalogue have.
  package static func isName(_ file: String, besideLibrary path: String) -> Bool {
    file.hasPrefix(path + "-") && file.hasSuffix(".index")
  }

  /// Where the parts lie in the file of `count` songs.
  private struct Parts {
    let statistics, scale, aspects, marks, ids, checksums, vectors, values, end: Int
    let blockSize: Int

    init(model: EmbeddingModel, count: Int) {
      func padded(_ size: Int) -> Int { (size + 63) / 64 * 64 }
      statistics = headerSize + padded(model.identifier.utf8.count)
      scale = statistics + (model.standardisesCollection ? padded(2 * 8 * model.dimension) : 0)
      aspects = scale + padded(model.refinement != nil ? 2 * 4 * count : 4)
      marks = aspects + padded(4 * LibraryIndexFile.aspectCount(model) * count)
      ids = marks + padded(8 * count)
      checksums = ids + padded(8 * count)
      let packed = PackedVectors.byteCounts(count: count, dimension: model.dimension)
      blockSize = PackedVectors.checkedBlockSize(dimension: model.dimension)
      vectors = checksums + padded(8 * BlockCheck.blockCount(of: packed.all - packed.codes, blockSize: blockSize))
      values = vectors + packed.codes
      end = vectors + packed.all
    }
  }

  /// How many aspects of a song a model tells apart.
  private static func aspectCount(_ model: EmbeddingModel) -> Int { model.aspects.count }

  /// The words of the header before the checksums.
  private func header(revision: Int64, count: Int) -> [UInt64] {
    let content: UInt64 = (model.standardisesCollection ? 1 : 0) + (model.refinement != nil ? 2 : 0)
    return [
      Self.magic, Self.version, UInt64(bitPattern: revision), UInt64(count), UInt64(model.dimension),
      UInt64(model.identifier.utf8.count) | content << 32,
    ]
  }

  /// The checksum of a header's first seven words.
  private static func checksum(ofHeader words: some Sequence<UInt64>) -> UInt64 {
    (words.map(\.littleEndian) + [0]).withUnsafeBytes(Checksum.value)
  }
}

// MARK: - Reading

extension LibraryIndexFile {
  /// What the file holds; nil if there is none, or if it is of another revision, version or model.
  ///
  /// - Parameter changes: What was learned for the library at that revision.
  /// - Throws: `FileError` if the file is damaged where it was read. The values are checked later, by those who read
  ///   them: see `NearestNeighborsError.damaged`.
  package func read(revision: Int64, changes: [SpaceChange]) throws(FileError) -> SongIndex<TrackID>? {
    guard let memory = IndexMemory(mapping: path) else { return nil }
    let bytes = memory.bytes
    guard bytes.count >= Self.headerSize else { throw damage("it ends in its header") }
    let words = (0..<8).map { UInt64(littleEndian: bytes.load(fromByteOffset: $0 * 8, as: UInt64.self)) }
    if words[0] == Self.earlierMagic { return nil }
    guard words[0] == Self.magic else { throw damage("its first bytes are not those of a packed index") }
    guard Self.checksum(ofHeader: words[..<7]) == words[7] else { throw Self.changed(path) }
    guard let count = Int(exactly: words[3]), (1...1 << 32).contains(count),
      words.starts(with: header(revision: revision, count: count))
    else { return nil }
    let parts = Parts(model: model, count: count)
    guard bytes.count == parts.end else { throw damage("it has \(bytes.count) bytes and not \(parts.end)") }
    guard Checksum.value(of: .init(rebasing: bytes[Self.headerSize..<parts.values])) == words[6] else {
      throw Self.changed(path)
    }
    let check = BlockCheck(
      memory: memory, part: parts.values..<parts.end, blockSize: parts.blockSize, table: parts.checksums)
    guard bytes[Self.headerSize...].starts(with: model.identifier.utf8),
      let vectors = PackedVectors(
        count: count, dimension: model.dimension, in: memory, at: parts.vectors, check: check),
      let space = VectorSpace(
        model: model, standardisation: standardisation(in: bytes, at: parts.statistics), changes: changes)
    else { return nil }
    func numbers(at start: Int) -> [UInt64] {
      (0..<count).map { UInt64(littleEndian: bytes.load(fromByteOffset: start + $0 * 8, as: UInt64.self)) }
    }
    let ids = numbers(at: parts.ids).map { TrackID(rawValue: Int64(bitPattern: $0)) }
    let copies = Copies(marks: numbers(at: parts.marks))
    let scale = scale(in: bytes, at: parts.scale, copies: copies)
    let squares = (0..<Self.aspectCount(model) * count).map {
      Float(bitPattern: UInt32(littleEndian: bytes.load(fromByteOffset: parts.aspects + $0 * 4, as: UInt32.self)))
    }
    return SongIndex(
      space: space, index: CosineIndex(ids: ids, vectors: vectors), copies: copies, scale: scale,
      aspectSquares: squares)
  }

  private func damage(_ reason: String) -> FileError {
    FileError(path: path, reason: "it is damaged: \(reason)", remedy: "It is made anew from the library.")
  }

  /// What is said of a file that was written whole and is no longer what was written.
  static func changed(_ path: String) -> FileError {
    FileError(
      path: path, reason: "it is damaged: its content has changed since it was written",
      remedy: "It is made anew from the library; check the disk if it happens again.")
  }

  private func standardisation(in bytes: UnsafeRawBufferPointer, at start: Int) -> Standardisation? {
    guard model.standardisesCollection else { return nil }
    func values(_ start: Int) -> [Double] {
      (0..<model.dimension).map {
        Double(bitPattern: UInt64(littleEndian: bytes.load(fromByteOffset: start + $0 * 8, as: UInt64.self)))
      }
    }
    return Standardisation(means: values(start), scales: values(start + 8 * model.dimension))
  }

  private func scale(in bytes: UnsafeRawBufferPointer, at start: Int, copies: Copies) -> SimilarityScale {
    func value(_ index: Int) -> Float {
      Float(bitPattern: UInt32(littleEndian: bytes.load(fromByteOffset: start + index * 4, as: UInt32.self)))
    }
    guard let prior = model.refinement?.similarityPrior else { return .ofCosines(CosineScale(typical: value(0))) }
    let statistics = copies.marks.indices.map {
      SimilarityStatistics(mean: value(2 * $0), deviation: value(2 * $0 + 1))
    }
    return .withoutHubs(MutualProximityCorrection(statistics: statistics, copies: copies, prior: prior))
  }
}

// MARK: - Writing

extension LibraryIndexFile {
  /// Writes the file whole or not at all: under another name first, so that whoever reads the old one goes on.
  package func write(_ content: SongIndex<TrackID>, revision: Int64) throws(FileError) {
    let temporary = URL(filePath: "\(path).\(UUID().uuidString)")
    do {
      defer { unlink(temporary.path) }
      try content.index.vectors.withUnsafeBytes { vectors in
        try head(of: content, revision: revision, vectors: vectors).write(to: temporary)
        let file = try FileHandle(forWritingTo: temporary)
        try file.seekToEnd()
        if let start = vectors.baseAddress {
          let start = UnsafeMutableRawPointer(mutating: start)
          try file.write(contentsOf: Data(bytesNoCopy: start, count: vectors.count, deallocator: .none))
        }
        try file.synchronize()
        try file.close()
      }
      guard rename(temporary.path, path) == 0 else {
        throw NSError(domain: NSPOSIXErrorDomain, code: Int(errno))
      }
    } catch {
      throw FileError(
        path: path, reason: "it cannot be written: \(error.systemReason)",
        remedy: "Make room, or let the folder be written to.")
    }
  }

  /// All that comes before the vectors.
  private func head(of content: SongIndex<TrackID>, revision: Int64, vectors: UnsafeRawBufferPointer) -> Data {
    let parts = Parts(model: model, count: content.index.count)
    var data = Data(count: parts.vectors)
    data.withUnsafeMutableBytes { bytes in
      func store<Word: FixedWidthInteger & BitwiseCopyable>(_ words: some Sequence<Word>, at offset: Int) {
        for (index, word) in words.enumerated() {
          bytes.storeBytes(
            of: word.littleEndian, toByteOffset: offset + index * MemoryLayout<Word>.size, as: Word.self)
        }
      }
      UnsafeMutableRawBufferPointer(rebasing: bytes[Self.headerSize...]).copyBytes(from: model.identifier.utf8)
      if let standardisation = content.space.standardisation {
        store((standardisation.means + standardisation.scales).map(\.bitPattern), at: parts.statistics)
      }
      switch content.scale {
      case .ofCosines(let scale): store([scale.typical.bitPattern], at: parts.scale)
      case .withoutHubs(let correction):
        store(correction.statistics.flatMap { [$0.mean.bitPattern, $0.deviation.bitPattern] }, at: parts.scale)
      }
      store(content.aspectSquares.map(\.bitPattern), at: parts.aspects)
      store(content.copies.marks, at: parts.marks)
      store(content.index.ids.lazy.map { UInt64(bitPattern: $0.rawValue) }, at: parts.ids)
      let values = UnsafeRawBufferPointer(rebasing: vectors[(parts.values - parts.vectors)...])
      store(BlockCheck.checksums(of: values, blockSize: parts.blockSize), at: parts.checksums)
      var checksum = Checksum()
      checksum.add(UnsafeRawBufferPointer(rebasing: bytes[Self.headerSize...]))
      checksum.add(.init(rebasing: vectors[..<(parts.values - parts.vectors)]))
      let words = header(revision: revision, count: content.index.count) + [checksum.value]
      store(words + [Self.checksum(ofHeader: words)], at: 0)
    }
    return data
  }
}
