import ArgumentParser

/// An option of `akin train` and the values of it that a search tries.
struct SearchAxis {
  /// The names of the options that can be tried, and `batch` for classes × songs of each class.
  enum Name: String, CaseIterable {
    case margin, angle, temperature, patience, epochs, crop, excerpts, batch
    case learningRate = "learning-rate"
    case pretrainEpochs = "pretrain-epochs"
    case hopLength = "hop-length"
    case embeddingSize = "embedding-size"
  }

  /// One value of an option.
  struct Setting {
    let name: Name
    let value: String

    /// "margin=2"
    var text: String { "\(name.rawValue)=\(value)" }

    /// Sets the option to the value.
    func apply(to choices: inout TrainingChoices) throws {
      func parsed<Value: LosslessStringConvertible>(_ type: Value.Type) throws -> Value {
        guard let value = Value(value) else { throw ValidationError("--try \(text): \(value) is not a value for it") }
        return value
      }
      switch name {
      case .margin: choices.margin = try parsed(Float.self)
      case .angle: choices.angle = try parsed(Float.self)
      case .temperature: choices.temperature = try parsed(Float.self)
      case .patience: choices.patience = try parsed(Int.self)
      case .epochs: choices.epochs = try parsed(Int.self)
      case .crop: choices.crop = try parsed(Double.self)
      case .excerpts: choices.excerpts = try parsed(Int.self)
      case .learningRate: choices.learningRate = try parsed(Float.self)
      case .pretrainEpochs: choices.pretrainEpochs = try parsed(Int.self)
      case .hopLength: choices.hopLength = try parsed(Int.self)
      case .embeddingSize: choices.embeddingSize = try parsed(Int.self)
      case .batch:
        let sizes = value.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard sizes.count == 2, let classes = sizes[0], let songs = sizes[1] else {
          throw ValidationError("--try \(text): give classes x songs of each class, such as 8x4")
        }
        (choices.classesPerBatch, choices.songsPerClass) = (classes, songs)
      }
    }
  }

  let name: Name
  let settings: [Setting]

  /// Reads "margin=0.5,1,2".
  init(_ argument: String) throws {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = Name(rawValue: String(parts[0])) else {
      let names = Name.allCases.map(\.rawValue).sorted().joined(separator: ", ")
      throw ValidationError("there is no option \(parts[0]) to try; there are \(names)")
    }
    let values = parts.dropFirst().joined().split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard !values.isEmpty, !values.contains(""), Set(values).count == values.count else {
      throw ValidationError("give each value once, with commas between them, such as margin=0.5,1,2")
    }
    self.name = name
    settings = values.map { Setting(name: name, value: $0) }
  }
}
