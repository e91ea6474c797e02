import MetricLearning

/// What `Tests/Goldens/evaluation.py` computed with SciPy and scikit-learn.
struct EvaluationGoldens: Decodable {
  struct PairedTest: Decodable {
    let first: [Double]
    let second: [Double]
    let differing: Int
    let statistic: Double
    let wilcoxon: Double
    let permutation: Double
    let isExact: Bool
  }

  struct Interval: Decodable {
    let values: [Double]
    let confidence: Double
    let lower: Double
    let upper: Double
  }

  struct Neighbours: Decodable {
    struct Case: Decodable {
      let measure: EmbeddingComparison
      let k: Int
      let nearest: [[Int]]
      let skewness: Double
      let largest: Int
      let antiHubShare: Double
    }

    let vectors: [[Float]]
    let labels: [Int]
    let cases: [Case]
  }

  let pairedTests: [PairedTest]
  let intervals: [Interval]
  let neighbours: Neighbours

  static func load() throws -> EvaluationGoldens {
    try Golden.load(EvaluationGoldens.self, from: "evaluation.json")
  }
}
