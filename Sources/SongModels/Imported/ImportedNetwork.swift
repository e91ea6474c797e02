import Files
import Foundation
import NeuralNetwork
import OnnxRuntime
import Synchronization

/// A network of another program as a model: an ONNX file with the description of what it hears. ONNX Runtime opens it
/// when a song is heard.
public struct ImportedNetwork: Sendable {
  /// What the listener calls it.
  public let name: String
  /// What it hears.
  public let description: NetworkDescription
  /// The length of a vector.
  public let dimension: Int
  /// How many excerpts of a song are heard, whose patches are pooled together.
  public let excerpts: Excerpts
  /// Derived from the network and its description, whatever it is called.
  public var identifier: String { content + excerpts.suffix }
  /// The digest of the network and its description.
  private let content: String
  /// The network, which all who listen share.
  let network: SharedNetwork

  /// Takes in an ONNX file's bytes: opens them, and hears a patch of silence.
  ///
  /// - Parameters:
  ///   - network: An ONNX file's content.
  ///   - file: What errors call it.
  ///   - name: What the model is called: letters, digits, -, _ and . only.
  ///   - description: What it hears. Input and output are named, unless there is only one.
  /// - Throws: `ModelError` if the network does not fit the description; `OnnxError` if there is no ONNX Runtime, or it
  ///   refuses the file.
  public init(network: Data, file: String, name: String, description: NetworkDescription) throws {
    func fail(_ reason: String) -> ModelError { ModelError(model: file, reason: reason, remedy: .describeInput) }
    if let fault = description.fault { throw fail(fault) }
    guard ForeignModel(name: name, dimension: 1) != nil else {
      throw ModelError(
        model: file, reason: "“\(name)” is no name that could be typed, or that of another model", remedy: .giveName)
    }
    let session = try Self.session(of: network, file: file)
    var description = description
    let input = try Self.port(description.input, of: session.inputs, "input", file: file)
    let output = try Self.port(description.output, of: session.outputs, "output", file: file)
    (description.input, description.output) = (input.name, output.name)
    let shape = description.shape(patches: input.batch(of: description) ?? 1)
    guard session.inputs.count == 1 else {
      throw fail("it has more than one input, and sound alone cannot fill them: \(Self.list(session.inputs))")
    }
    guard input.isFloat, let sizes = input.shape, sizes.count == shape.count,
      zip(sizes, shape).allSatisfy({ $0 < 0 || $0 == $1 })
    else {
      let described = "\(description.layout), \(shape.map(String.init).joined(separator: " × "))"
      throw fail("its input is \(input), and what is described is \(described)")
    }
    self.name = name
    self.description = description
    excerpts = .middle
    content = Self.digest(network, description)
    let shared = SharedNetwork(bytes: network, opened: session, batch: input.batch(of: description))
    self.network = shared
    let values = [Float](repeating: 0, count: description.patchLength * description.width)
    let answer = try Self.answer(of: shared, to: values, description) { reason in
      fail(
        "it cannot hear what is described: \(reason); it has \(Self.list(session.inputs)) and "
          + "\(Self.list(session.outputs))")
    }
    guard !answer.isEmpty else { throw fail("its output \(output) is empty") }
    guard answer.allSatisfy(\.isFinite) else {
      throw fail("its output \(output) for silence is not finite: the scaling of its input may be another")
    }
    dimension = description.pooling.dimension(ofAnswers: answer.count)
  }

  private static func session(of network: Data, file: String) throws -> OnnxSession {
    do { return try OnnxSession(network: network) } catch OnnxError.refused(_, let reason) {
      throw ModelError(model: file, reason: "ONNX Runtime does not read it: \(reason)", remedy: .anotherNetwork)
    }
  }

  /// What a network answers to one patch; `failure` is what a refusal becomes.
  private static func answer(
    of network: SharedNetwork, to patch: [Float], _ description: NetworkDescription,
    failure: (_ reason: String) -> ModelError
  ) throws -> [Float] {
    do { return try network.answers(to: [patch], description)[0] } catch OnnxError.refused(_, let reason) {
      throw failure(reason)
    }
  }

  private static func digest(_ network: Data, _ description: NetworkDescription) -> String {
    ContentDigest.hexadecimal(of: network + Data(JSON.text(description).utf8))
  }

  private static func list(_ ports: [OnnxSession.Port]) -> String {
    ports.map(\.description).joined(separator: ", ")
  }

  /// The input or output of that name, or the only one.
  private static func port(
    _ name: String?, of ports: [OnnxSession.Port], _ kind: String, file: String
  ) throws(ModelError) -> OnnxSession.Port {
    if ports.count == 1, name == nil || ports[0].name == name { return ports[0] }
    if let name, let port = ports.first(where: { $0.name == name }) { return port }
    let reason = name.map { "it has no \(kind) \($0)" } ?? "it has more than one \(kind), and none is named"
    throw ModelError(
      model: file, reason: "\(reason); there are \(list(ports))",
      remedy: kind == "input" ? .nameInput : .nameOutput)
  }

  /// The same network, which hears so many excerpts of a song.
  func hearing(_ excerpts: Excerpts) -> ImportedNetwork {
    ImportedNetwork(
      name: name, description: description, dimension: dimension, excerpts: excerpts, content: content,
      network: network)
  }

  private init(
    name: String, description: NetworkDescription, dimension: Int, excerpts: Excerpts, content: String,
    network: SharedNetwork
  ) {
    self.name = name
    self.description = description
    self.dimension = dimension
    self.excerpts = excerpts
    self.content = content
    self.network = network
  }
}

// MARK: - The file

extension ImportedNetwork {
  /// The version of the file's format.
  static let format = "akin.onnx.1"

  private struct Configuration: Codable {
    var name: String
    var dimension: Int
    var excerpts: Int
    /// The number of patches that the network hears at a time; nil for any.
    var batch: Int?
    var description: NetworkDescription
  }

  private static let tensor = "network"

  /// The bytes of the model file: safetensors that hold the ONNX file.
  public var data: Data {
    let configuration = Configuration(
      name: name, dimension: dimension, excerpts: excerpts.count, batch: network.batch, description: description)
    return Safetensors(
      metadata: [
        "format": Self.format, "configuration": JSON.text(configuration), "identifier": content,
      ], bytes: [Self.tensor: network.bytes]
    ).data
  }

  /// Reads a model file's content; `name` is what errors call it.
  init(content: Safetensors, name: String) throws(ModelError) {
    func fail(_ reason: String) -> ModelError { ModelError(model: name, reason: reason, remedy: .anotherFile) }
    let configuration: Configuration = try content.configuration(model: name, remedy: .anotherFile)
    guard let network = content.bytes[Self.tensor] else { throw fail("the network is missing") }
    if let fault = configuration.description.fault { throw fail(fault) }
    guard configuration.dimension > 0, configuration.dimension <= 1 << 20,
      Excerpts.counts.contains(configuration.excerpts), (configuration.batch ?? 1) > 0
    else { throw fail("its configuration is impossible") }
    let digest = Self.digest(network, configuration.description)
    guard content.metadata["identifier"] == digest else {
      throw fail("its network does not match its identifier: the file was changed or damaged")
    }
    self.init(
      name: configuration.name, description: configuration.description, dimension: configuration.dimension,
      excerpts: Excerpts(count: configuration.excerpts), content: digest,
      network: SharedNetwork(bytes: network, opened: nil, batch: configuration.batch))
  }
}

extension OnnxSession.Port {
  /// How many patches an input of a description takes at a time; nil for any number.
  func batch(of description: NetworkDescription) -> Int? {
    guard let shape, let place = description.axes.firstIndex(of: .batch), place < shape.count, shape[place] > 0 else {
      return nil
    }
    return shape[place]
  }
}
