import Foundation
import MetricLearning
import NearestNeighbors
import NeuralNetwork

/// A change of a model's space that was learned for one library. It works on search vectors, after the model's own
/// directions and before neighbours and hubs.
package struct SpaceChange: Sendable, Hashable {
  /// What a change was learned from. A library has at most one of each kind, applied in this order.
  package enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
    /// The tags of the library.
    case tags
    /// The answers of its listener.
    case ear
  }

  /// What it was learned from.
  package let kind: Kind
  /// What multiplies each value of a search vector first; empty if nothing does.
  package let scales: [Float]
  /// What it does to a search vector then.
  package let change: LowRankChange
  /// Another for another change: the checksum of its bytes.
  package let identifier: String

  /// How many directions a change may have.
  package static let mostDirections = 128

  /// Wraps a change of at most `mostDirections` directions, with a scale for each value or none at all.
  package init(kind: Kind, scales: [Float] = [], change: LowRankChange) {
    precondition(change.count <= Self.mostDirections, "\(change.count) directions, at most \(Self.mostDirections)")
    precondition(scales.isEmpty || scales.count == change.dimension, "\(scales.count) scales of \(change.dimension)")
    let identifier = Self.checksum(of: Self.content(kind, scales, change))
    self.init(kind: kind, scales: scales, change: change, identifier: identifier)
  }

  private init(kind: Kind, scales: [Float], change: LowRankChange, identifier: String) {
    self.kind = kind
    self.scales = scales
    self.change = change
    self.identifier = identifier
  }

  /// Changes search vectors in place, given row by row.
  package func apply(to vectors: inout [Float]) {
    if !scales.isEmpty {
      precondition(vectors.count.isMultiple(of: scales.count), "\(vectors.count) values in rows of \(scales.count)")
      for start in stride(from: 0, to: vectors.count, by: scales.count) {
        for (column, scale) in scales.enumerated() { vectors[start + column] *= scale }
      }
    }
    change.apply(to: &vectors)
  }
}

extension SpaceChange {
  /// The version of the bytes: raise it if they mean something else.
  private static let format = "akin.space-change.2"

  /// Its bytes: safetensors, with a checksum of the whole. Not a digest: each question of a library that learned reads
  /// them, and a library of ciphers takes longer to open than the question.
  package var data: Data {
    var content = Self.content(kind, scales, change)
    content.metadata["checksum"] = identifier
    return content.data
  }

  private static func content(_ kind: Kind, _ scales: [Float], _ change: LowRankChange) -> Safetensors {
    var tensors: [String: Safetensors.Tensor] = [
      "directions": .init(shape: [change.count, change.dimension], values: change.directions),
      "gains": .init(shape: [change.count], values: change.gains),
    ]
    if !scales.isEmpty { tensors["scales"] = .init(shape: [scales.count], values: scales) }
    return Safetensors(metadata: ["format": format, "kind": kind.rawValue], tensors: tensors)
  }

  private static func checksum(of content: Safetensors) -> String {
    var data = content.data
    data.append(Data(count: (64 - data.count % 64) % 64))
    return String(data.withUnsafeBytes(Checksum.value), radix: 16)
  }

  /// What cannot be read.
  package struct FormatError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Why.
    package let description: String
  }

  /// Reads what `data` wrote, for vectors of `dimension` values.
  package init(data: Data, dimension: Int) throws(FormatError) {
    var content: Safetensors
    do { content = try Safetensors(data: data) } catch { throw FormatError(description: error.description) }
    guard content.metadata["format"] == Self.format, let kind = Kind(rawValue: content.metadata["kind"] ?? "") else {
      throw FormatError(description: "it is of another version of akin")
    }
    let stored = content.metadata.removeValue(forKey: "checksum")
    let identifier = Self.checksum(of: content)
    guard stored == identifier else {
      throw FormatError(description: "it has changed since it was stored")
    }
    let scales = content.tensors["scales"]?.values ?? []
    guard let directions = content.tensors["directions"], let gains = content.tensors["gains"],
      directions.shape == [gains.values.count, dimension], gains.values.count <= Self.mostDirections,
      directions.values.allSatisfy({ abs($0) <= 1.001 }), gains.values.allSatisfy({ $0 > -1.001 && $0 < 1e6 }),
      [0, dimension].contains(scales.count), scales.allSatisfy({ $0 > 0 && $0 < 1e6 })
    else { throw FormatError(description: "it does not fit vectors of \(dimension) numbers") }
    self.init(
      kind: kind, scales: scales,
      change: LowRankChange(dimension: dimension, directions: directions.values, gains: gains.values),
      identifier: identifier)
  }
}
