/// What `Tests/Goldens/controls.py` computed with scikit-learn, SciPy, PyTorch and musly.
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
    let kullbackLeibler: [[Double]]
    let mutualProximity: [[Double]]
  }

  struct Scalings: Decodable {
    let vectors: [[Float]]
    let manhattan: [[Double]]
    let mutualProximity: [[Double]]
    let neighborCount: Int
    let density: [Double]
    let scaled: [[Double]]
  }

  let discriminants: [Discriminant]
  let gaussians: Gaussians
  let scalings: Scalings

  static func load() throws -> ControlGoldens {
    try Golden.load(ControlGoldens.self, from: "controls.json")
  }
}
