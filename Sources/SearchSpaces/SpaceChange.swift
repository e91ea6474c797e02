import Files
import Foundation
import MetricLearning
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
  /// What it does to a search vector.
  package let change: LowRankChange

  /// How many directions a change may have.
  package static let mostDirections = 128

  /// Wraps a change of at most `mostDirections` directions.
  package init(kind: Kind, change: LowRankChange) {
    precondition(change.count <= Self.mostDirections, "\(change.count) directions, at most \(Self.mostDirections)")
    self.kind = kind
    self.change = change
  }
}

extension SpaceChange {
  /// The version of the bytes: raise it if they mean something else.
  private static let format = "akin.space-change.1"

  /// Its bytes: safetensors, with a digest of the values.
  package var data: Data {
    let shape = [change.count, change.dimension]
    var content = Safetensors(
      metadata: ["format": Self.format, "kind": kind.rawValue],
      tensors: [
        "directions": .init(shape: shape, values: change.directions),
        "gains": .init(shape: [change.count], values: change.gains),
      ])
    content.metadata["digest"] = ContentDigest.hexadecimal(of: content.data)
    return content.data
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
    let digest = content.metadata.removeValue(forKey: "digest")
    guard digest == ContentDigest.hexadecimal(of: content.data) else {
      throw FormatError(description: "it has changed since it was stored")
    }
    guard let directions = content.tensors["directions"], let gains = content.tensors["gains"],
      directions.shape == [gains.values.count, dimension], gains.values.count <= Self.mostDirections,
      directions.values.allSatisfy({ abs($0) <= 1.001 }), gains.values.allSatisfy({ $0 > -1.001 && $0 < 1e6 })
    else { throw FormatError(description: "it does not fit vectors of \(dimension) numbers") }
    self.init(
      kind: kind, change: LowRankChange(dimension: dimension, directions: directions.values, gains: gains.values))
  }
}
