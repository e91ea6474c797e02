/// What `Tests/Goldens/controls.py` computed with scikit-learn, SciPy and musly.
struct ControlGoldens: Decodable {
  struct Discriminant: Decodable {
    let vectors: [[Float]]
    let labels: [Int]
    /// Whether the shrinkage is Ledoit and Wolf's.
    let isAutomatic: Bool
    /// The fixed shrinkage; nil for none.
    let amount: Double?
    let axes: [[Double]]
  }

  struct Gaussians: Decodable {
    let frames: [[[Float]]]
    let logDeterminants: [Double]
    let jensenShannon: [[Double]]
    let mutualProximity: [[Double]]
  }

  struct Proximities: Decodable {
    let vectors: [[Float]]
    let manhattan: [[Double]]
    let mutualProximity: [[Double]]
  }

  let discriminants: [Discriminant]
  let gaussians: Gaussians
  let proximities: Proximities

  static func load() throws -> ControlGoldens {
    try Golden.load(ControlGoldens.self, from: "controls.json")
  }
}
