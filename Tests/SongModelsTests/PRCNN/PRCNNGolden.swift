import Foundation
import MetricLearning
import NeuralNetwork
import SongModels

/// What PyTorch computed in float64: a file that `Tests/Goldens/prcnn_goldens.py` made.
struct PRCNNGolden: Decodable {
  /// A tensor's gradient: up to 128 elements, evenly spread, and what all of them give.
  struct Gradient: Decodable {
    let values: [Double]
    let sum: Double
    let norm: Double
    let largest: Double
  }

  /// Ten steps of SGD on one loss.
  struct Training: Decodable {
    let learningRate: Float
    let losses: [Double]
    /// For each step anchor, positive, negative, anchor, …; empty for cross-entropy.
    let triplets: [[Int]]
    /// By the weights before the first step.
    let gradient: [String: Gradient]

    func triplets(step: Int) -> [Triplet] {
      let rows = triplets[step]
      return stride(from: 0, to: rows.count, by: 3).map {
        Triplet(anchor: rows[$0], positive: rows[$0 + 1], negative: rows[$0 + 2])
      }
    }
  }

  let configuration: PRCNNConfiguration
  let labels: [Int]
  let input: String
  let seed: UInt64
  /// Whether inputs and convolutions' weights lie on a grid on which float32 sums are exact.
  let isOnGrid: Bool
  let embeddings: [Double]
  let logits: [Double]
  let losses: [String: Training]

  static let names = ["full", "full-decibels", "odd", "shallow"]

  /// The folder of goldens and of the scripts that made them.
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Goldens").standardized

  init(named name: String) throws {
    let data = try Data(contentsOf: Self.folder.appending(path: "prcnn_\(name).json"))
    self = try JSONDecoder().decode(Self.self, from: data)
  }

  var network: PRCNN { PRCNN(configuration, classCount: (labels.max() ?? 0) + 1) }
}

// MARK: - What is made from a hash instead of stored

extension PRCNNGolden {
  /// SplitMix64's output for the state seed · 2³² + index: the upper 24 bits, in 0..<1.
  static func uniform(seed: UInt64, index: Int) -> Double {
    var z = ((seed << 32) &+ UInt64(index) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 40) * 0x1p-24
  }

  /// Glorot's range for each matrix, ±0.1 for each bias.
  func parameters(of network: PRCNN) -> [Float] {
    network.layout.parameters.enumerated().flatMap { index, parameter in
      let columns = parameter.count / parameter.shape[0]
      let limit = parameter.shape.count == 1 ? 0.1 : (6 / Double(parameter.shape[0] + columns)).squareRoot()
      let values = (0..<parameter.count).map {
        limit * (2 * Self.uniform(seed: 1000 * seed + UInt64(index), index: $0) - 1)
      }
      guard isOnGrid && parameter.name.hasPrefix("convolutions.") else { return values.map(Float.init) }
      let grid = parameter.shape.count == 1 || columns < 64 ? 32.0 : 16.0
      return values.map { Float((grid * $0).rounded(.toNearestOrEven) / grid) }
    }
  }

  /// Writes the songs: a profile over the bands for each class and for each song, a level for every 16 frames, noise.
  func writeInputs(to pass: PRCNNPass) {
    let bands = configuration.melBandCount
    for (song, label) in labels.enumerated() {
      let input = pass.input(song)
      let (first, number) = (1000 * seed, UInt64(song))
      for frame in 0..<configuration.frameCount {
        let level = Self.uniform(seed: first + 300 + number, index: frame / 16) - 0.5
        for band in 0..<bands {
          let ofClass = 2 * Self.uniform(seed: first + 100 + UInt64(label), index: band) - 1
          let ofSong = Self.uniform(seed: first + 200 + number, index: band) - 0.5
          let noise = Self.uniform(seed: first + 400 + number, index: frame * bands + band) - 0.5
          let sum = ofClass + ofSong + level + noise
          let (value, grid) = self.input == "decibels" ? (16 * sum - 40, 1.0) : (sum, 4.0)
          input[frame * bands + band] = Float(
            isOnGrid ? (grid * value).rounded(.toNearestOrEven) / grid : value)
        }
      }
    }
  }
}
