/// A named tensor in the flat buffer that holds all parameters of a network.
public struct Parameter: Sendable, Hashable {
  /// PyTorch's name, such as `gru.weight_ih_l0`.
  public let name: String
  /// PyTorch's shape, outermost dimension first.
  public let shape: [Int]
  /// The index of its first element in the flat buffer.
  public let offset: Int

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
  /// The indices of its elements in the flat buffer.
  public var range: Range<Int> { offset..<(offset + count) }
}

/// The tensors of a network, in their order in its flat parameter buffer.
///
/// One flat buffer makes optimisers, gradient sums and checkpoints plain loops; each layer knows only the offsets of
/// its own parameters.
public struct ParameterLayout: Sendable, Hashable {
  /// The tensors, in order.
  public private(set) var parameters: [Parameter] = []
  /// The number of floats in the flat buffer.
  public private(set) var count = 0

  /// An empty layout.
  public init() {}

  /// Adds a tensor behind the last one.
  public mutating func append(_ name: String, shape: [Int]) -> Parameter {
    precondition(!parameters.contains { $0.name == name }, "two parameters named \(name)")
    let parameter = Parameter(name: name, shape: shape, offset: count)
    parameters.append(parameter)
    count += parameter.count
    return parameter
  }
}
