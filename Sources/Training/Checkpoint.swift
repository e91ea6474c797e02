import Files
import Foundation
import MetricLearning
import NeuralNetwork
import Reproducibility

/// A training's state as a safetensors file: weights and optimiser state as tensors, the rest as JSON in the metadata.
struct Checkpoint {
  private struct Rest: Codable {
    var phase: Int
    var step: Int
    var generator: SeededGenerator
    var earlyStopping: EarlyStopping?
    var collapse: CollapseDetector?
    var history: [EpochRecord]
  }

  static func data(of state: TrainingState) -> Data {
    func tensor(_ values: [Float]) -> Safetensors.Tensor { .init(shape: [values.count], values: values) }
    var tensors = ["parameters": tensor(state.parameters)]
    tensors["best"] = state.bestParameters.map(tensor)
    if !state.optimiser.first.isEmpty { tensors["first"] = tensor(state.optimiser.first) }
    if !state.optimiser.second.isEmpty { tensors["second"] = tensor(state.optimiser.second) }
    let rest = Rest(
      phase: state.phase, step: state.optimiser.step, generator: state.generator, earlyStopping: state.earlyStopping,
      collapse: state.collapse, history: state.history)
    var content = Safetensors(metadata: ["state": JSON.text(rest)], tensors: tensors)
    content.metadata["digest"] = ContentDigest.hexadecimal(of: content.data)
    return content.data
  }

  /// Reads what `data(of:)` wrote.
  ///
  /// - Throws: `Safetensors.FormatError` if the bytes were changed, or belong to a training of another shape.
  static func state(from data: Data, parameterCount: Int, phaseCount: Int) throws -> TrainingState {
    var content = try Safetensors(data: data)
    // Guards against a disk's errors, which would otherwise go into the model unnoticed; not against malice.
    let digest = content.metadata.removeValue(forKey: "digest")
    guard digest == ContentDigest.hexadecimal(of: content.data) else {
      throw Safetensors.FormatError(description: "it was changed or damaged")
    }
    func values(_ name: String) throws -> [Float]? {
      guard let tensor = content.tensors[name] else { return nil }
      guard tensor.values.count == parameterCount else {
        throw Safetensors.FormatError(
          description: "the tensor \(name) has \(tensor.values.count) values, not \(parameterCount)")
      }
      return tensor.values
    }
    guard let parameters = try values("parameters") else {
      throw Safetensors.FormatError(description: "the tensor parameters is missing")
    }
    let rest: Rest = try JSON.value(from: content.metadata["state"] ?? "")
    guard (0...phaseCount).contains(rest.phase), rest.history.allSatisfy({ (0..<phaseCount).contains($0.phase) }) else {
      throw Safetensors.FormatError(description: "it is of a training with other phases")
    }
    var state = TrainingState(parameters: parameters, generator: rest.generator)
    state.phase = rest.phase
    state.bestParameters = try values("best")
    state.optimiser.step = rest.step
    state.optimiser.first = try values("first") ?? []
    state.optimiser.second = try values("second") ?? []
    state.earlyStopping = rest.earlyStopping
    state.collapse = rest.collapse
    state.history = rest.history
    return state
  }
}
