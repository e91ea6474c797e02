import Files
import Foundation
import NeuralNetwork

/// Model files: what their readers and writers have in common. `name` is what errors call a model; what a file says is
/// not trusted.
extension Safetensors {
  /// Reads a model file's bytes.
  init(data: Data, model name: String) throws(ModelError) {
    do { try self.init(data: data) } catch {
      throw ModelError(model: name, reason: "it is not a safetensors file: \(error.description)", remedy: .anotherFile)
    }
  }

  /// Refuses a file of another format; `formatless` is what is said of one that names none.
  func checkFormat(
    _ format: String, model name: String, formatless: String, remedy: ModelError.Remedy
  ) throws(ModelError) {
    guard metadata["format"] == format else {
      let found = metadata["format"].map { "its format is \($0)" } ?? formatless
      throw ModelError(model: name, reason: "\(found), not \(format)", remedy: remedy)
    }
  }

  /// The configuration, not checked.
  func configuration<Configuration: Decodable>(
    model name: String, remedy: ModelError.Remedy
  ) throws(ModelError) -> Configuration {
    do { return try JSON.value(from: metadata["configuration"] ?? "") } catch {
      throw ModelError(model: name, reason: "its configuration cannot be read: \(error)", remedy: remedy)
    }
  }

  /// Where the model comes from; nil if the file does not say, as those of other tools.
  func provenance<Provenance: Decodable>(model name: String) throws(ModelError) -> Provenance? {
    guard let text = metadata["provenance"] else { return nil }
    do { return try JSON.value(from: text) } catch {
      throw ModelError(model: name, reason: "its provenance cannot be read: \(error)", remedy: .anotherFile)
    }
  }

  /// Refuses a file whose identifier is not `own`, that of its content.
  ///
  /// - Parameters:
  ///   - part: what the identifier is of, as errors call it.
  ///   - isNeeded: whether a file without an identifier is refused, too.
  func checkIdentifier(
    _ own: String, of part: String, isNeeded: Bool, model name: String
  ) throws(ModelError) {
    guard metadata["identifier"] ?? (isNeeded ? "" : own) == own else {
      throw ModelError(
        model: name, reason: "its \(part) do not match its identifier: the file was changed or damaged",
        remedy: .anotherFile)
    }
  }

  /// The file's bytes, with the identifier.
  func data(identifier: String) -> Data {
    var content = self
    content.metadata["identifier"] = identifier
    return content.data
  }
}

// MARK: - Networks

extension Safetensors {
  /// What a file holds of a network: the weights under their names, and what the input is standardised with.
  static func tensors(
    of layout: ParameterLayout, _ parameters: [Float], _ standardisation: InputStandardisation
  ) -> [String: Tensor] {
    var tensors = ["input_mean": Tensor(standardisation.means), "input_scale": Tensor(standardisation.scales)]
    for parameter in layout.parameters {
      tensors[parameter.name] = Tensor(shape: parameter.shape, values: Array(parameters[parameter.range]))
    }
    return tensors
  }

  /// The finite values of a tensor that must have this shape.
  func values(_ tensor: String, shape: [Int], model name: String) throws(ModelError) -> [Float] {
    func refusal(_ reason: String) -> ModelError {
      ModelError(model: name, reason: "the tensor \(tensor) \(reason)", remedy: .anotherFile)
    }
    guard let found = tensors[tensor] else { throw refusal("is missing") }
    guard found.shape == shape else { throw refusal("has the shape \(found.shape), not \(shape)") }
    guard found.values.allSatisfy(\.isFinite) else { throw refusal("holds values that are not finite") }
    return found.values
  }

  /// The weights of a network, in the order of its layout.
  func parameters(_ layout: ParameterLayout, model name: String) throws(ModelError) -> [Float] {
    var parameters: [Float] = []
    for parameter in layout.parameters {
      parameters += try values(parameter.name, shape: parameter.shape, model: name)
    }
    return parameters
  }

  /// What a network's input of `bands` mel bands is standardised with.
  func standardisation(bands: Int, model name: String) throws(ModelError) -> InputStandardisation {
    InputStandardisation(
      means: try values("input_mean", shape: [bands], model: name),
      scales: try values("input_scale", shape: [bands], model: name))
  }
}

extension Safetensors.Tensor {
  /// A vector.
  init(_ values: [Float]) { self.init(shape: [values.count], values: values) }
}
