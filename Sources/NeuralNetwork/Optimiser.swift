#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How weights follow their gradient. The configuration only: what an optimiser remembers is its `State`.
public enum Optimiser: Sendable, Hashable, Codable {
  /// Stochastic gradient descent, `v ← momentum · v + g`, `w ← w - learningRate · v` (PyTorch's form).
  case sgd(learningRate: Float, momentum: Float = 0)
  /// Adam (Kingma and Ba 2015); with `weightDecay` above 0 it is AdamW (Loshchilov and Hutter 2019).
  case adam(
    learningRate: Float, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0)

  /// What an optimiser remembers between steps.
  public struct State: Sendable, Hashable {
    /// The number of steps taken.
    public var step = 0
    /// Momentum, or Adam's first moment; empty where there is none.
    public var first: [Float] = []
    /// Adam's second moment; empty where there is none.
    public var second: [Float] = []

    /// The state before the first step.
    public init() {}
  }

  /// Takes one step; `state` is allocated at the first.
  public func step(parameters: inout [Float], gradient: [Float], state: inout State) {
    precondition(parameters.count == gradient.count, "\(parameters.count) weights, \(gradient.count) gradients")
    precondition(
      state.first.isEmpty || state.first.count == parameters.count,
      "the state of \(state.first.count) weights for \(parameters.count)")
    state.step += 1
    switch self {
    case .sgd(let learningRate, 0):
      for i in parameters.indices { parameters[i] -= learningRate * gradient[i] }
    case .sgd(let learningRate, let momentum):
      if state.first.isEmpty { state.first = [Float](repeating: 0, count: parameters.count) }
      for i in parameters.indices {
        state.first[i] = momentum * state.first[i] + gradient[i]
        parameters[i] -= learningRate * state.first[i]
      }
    case .adam(let learningRate, let beta1, let beta2, let epsilon, let weightDecay):
      if state.first.isEmpty {
        state.first = [Float](repeating: 0, count: parameters.count)
        state.second = state.first
      }
      let step = Double(state.step)
      let rate = learningRate / Float(1 - pow(Double(beta1), step))
      let correction = Float((1 - pow(Double(beta2), step)).squareRoot())
      for i in parameters.indices {
        state.first[i] = beta1 * state.first[i] + (1 - beta1) * gradient[i]
        state.second[i] = beta2 * state.second[i] + (1 - beta2) * gradient[i] * gradient[i]
        parameters[i] -=
          rate * state.first[i] / (state.second[i].squareRoot() / correction + epsilon)
          + learningRate * weightDecay * parameters[i]
      }
    }
  }
}
