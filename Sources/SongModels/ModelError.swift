import Foundation

/// Why a model cannot be used.
public struct ModelError: Error, Sendable, Hashable, CustomStringConvertible, LocalizedError {
  /// What the user can do.
  public enum Remedy: Sendable {
    /// The file is not a usable model.
    case anotherFile
    /// The file is of another version.
    case retrain
    /// There is no such model.
    case nameOne
    /// Its vectors come from elsewhere.
    case addVectors
    /// What it hears was not described as it is.
    case describeInput
    /// One of its inputs, or of its outputs, must be chosen.
    case nameInput, nameOutput
    /// The ONNX file is not a usable network.
    case anotherNetwork
    /// It needs another name.
    case giveName
    /// It cannot be a part of another.
    case joinOther
    /// Its parts are of another version.
    case joinAgain

    fileprivate var text: String {
      switch self {
      case .anotherFile: return "name another model file, or train one with `akin train`"
      case .retrain: return "train the model again with `akin train`"
      case .addVectors: return "bring the song's vector in with `akin library add-vectors`"
      case .describeInput: return "describe what it hears with a preset and the options of `akin model import`"
      case .nameInput: return "choose one with `akin model import --input-name`"
      case .nameOutput: return "choose one with `akin model import --output-name`"
      case .anotherNetwork: return "name another ONNX file, or update ONNX Runtime with `Scripts/bootstrap onnx`"
      case .giveName: return "name it with `akin model import --name`: letters, digits, -, _ and ."
      case .joinOther: return "join models that hear, each once, with weights from 0.001 to 1000"
      case .joinAgain: return "join it again with `akin model import --join`"
      case .nameOne:
        let names = EmbeddingModel.builtInNames
        return "name a model file, \(names.dropLast().joined(separator: ", ")) or \(names[names.count - 1])"
      }
    }
  }

  /// The model's file or name.
  public let model: String
  /// What is wrong.
  public let reason: String
  /// What to do.
  public let remedy: Remedy

  /// An error on a model.
  package init(model: String, reason: String, remedy: Remedy) {
    self.model = model
    self.reason = reason
    self.remedy = remedy
  }

  /// What is wrong, with what, and what to do.
  public var description: String { "the model \(model) cannot be used: \(reason); \(remedy.text)" }
  /// The same, for Foundation.
  public var errorDescription: String? { description }
}
