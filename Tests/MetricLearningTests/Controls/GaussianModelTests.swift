import MetricLearning
import Testing

@Suite struct GaussianModelTests {
  private static func models(_ goldens: ControlGoldens.Gaussians) throws -> [GaussianModel] {
    try goldens.frames.map { frames in
      try GaussianModel(frames: Array(frames.joined()), coefficientCount: frames[0].count)
    }
  }

  /// musly computes in single precision, Akin and NumPy in double.
  @Test func agreesWithMusly() throws {
    let goldens = try ControlGoldens.load().gaussians
    let models = try Self.models(goldens)
    #expect(relativeError(models.map(\.logDeterminant), goldens.logDeterminants) < 1e-12)
    let distances = DistanceMatrix(
      count: models.count, values: models.flatMap { model in models.map { model.jensenShannonDistance(to: $0) } })
    #expect(relativeError(distances.values.map(Double.init), goldens.jensenShannon.joined()) < 1e-5)
    let proximity = MutualProximity().rescaled(distances, countsItself: true)
    #expect(relativeError(proximity.values.map(Double.init), goldens.mutualProximity.joined()) < 1e-5)
  }

  @Test func distancesAreSymmetricAndZeroToThemselves() throws {
    let models = try Self.models(try ControlGoldens.load().gaussians)
    for model in models {
      #expect(model.jensenShannonDistance(to: model) == 0)
      for other in models {
        #expect(model.jensenShannonDistance(to: other) == other.jensenShannonDistance(to: model))
      }
    }
  }

  @Test func saysWhatCannotBeFitted() {
    #expect(throws: ModelFittingError.tooFewVectors(count: 2, needed: 3)) {
      try GaussianModel(frames: [1, 2, 3, 4], coefficientCount: 2)
    }
    #expect(throws: ModelFittingError.tooFewVectors(count: 0, needed: 3)) {
      try GaussianModel(frames: [], coefficientCount: 2)
    }
    #expect(throws: ModelFittingError.notFinite) {
      try GaussianModel(frames: [1, .infinity, 3], coefficientCount: 1)
    }
    #expect(throws: ModelFittingError.singular) {
      try GaussianModel(frames: [1, 1, 1], coefficientCount: 1, ridge: 0)
    }
  }

  @Test func silenceHasAModel() throws {
    let silence = try GaussianModel(frames: [Float](repeating: 0, count: 60), coefficientCount: 5)
    #expect(silence.covariance.filter { $0 != 0 } == [Double](repeating: 1e-4, count: 5))
    #expect(silence.jensenShannonDistance(to: silence) == 0)
  }
}
