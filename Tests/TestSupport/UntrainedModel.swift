import AudioFeatures
import Reproducibility
import SongModels

/// A small network as it is before training.
package enum UntrainedModel {
  package static func make(seed: UInt64) throws -> EmbeddingModel {
    var configuration = PRCNNConfiguration()
    configuration.filters = [2, 2, 2, 2, 3]
    (configuration.sequenceWidth, configuration.recurrentUnits, configuration.embeddingDimension) = (4, 3, 5)
    var generator = SeededGenerator(seed: seed)
    let network = PRCNN(configuration)
    return .network(
      PRCNNModel(
        network: network, features: try LogMelConfiguration(hopLength: 512), standardisation: .identity(bands: 128),
        parameters: network.initialParameters(using: &generator), provenance: .init()))
  }
}
