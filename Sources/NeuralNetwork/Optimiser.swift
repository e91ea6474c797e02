#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How weights follow their gradient. This is the configuration; what changes from step to step is the `State`.
public enum Optimiser: Sendable, Hashable, Codable {
  /// Stochastic gradient descent, `v ← momentum · v + g`, `w ← w - learningRate · v` (PyTorch's form).
  case sgd(learningRate: Float, momentum: Float = 0)
  /// Adam (Kingma and Ba 2015); with `weightDecay` above 0 it is AdamW (Loshchilov and Hutter 2019).
  case adam(
    learningRate: Float, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0)

  /// What an optimiser keeps between steps.
  public struct State: Sendable, Hashable {
    /// The number of steps taken.
    public var step = 0
    /// The velocity of SGD with momentum, or Adam's first moment; else empty.
    public var first: [Float] = []
    /// Adam's second moment; else empty.
    public var second: [Float] = []

    /// The state before the first step.
    public init() {}
  }

  /// The same optimiser with its learning rate multiplied by `factor`.
  public func scaled(by factor: Float) -> Optimiser {
    switch self {
    case .sgd(let learningRate, let momentum): .sgd(learningRate: learningRate * factor, momentum: momentum)
    case .adam(let learningRate, let beta1, let beta2, let epsilon, let weightDecay):
      .adam(
        learningRate: learningRate * factor, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
    }
  }

  /// Takes one step; the first one allocates `state`.
  public func step(parameters: inout [Float], gradient: [Float], state: inout State) {
    precondition(parameters.count == gradient.count, "\(parameters.count) weights, \(gradient.count) gradients")
    for moments in [state.first, state.second] {
      precondition(
        moments.isEmpty || moments.count == parameters.count,
        "the state of \(moments.count) weights for \(parameters.count)")
    }
    state.step += 1
    let count = parameters.count
    parameters.withUnsafeMutableBufferPointer { parameters in
      gradient.withUnsafeBufferPointer { gradient in
        switch self {
        case .sgd(let learningRate, 0):
          for i in 0..<count { parameters[i] -= learningRate * gradient[i] }
        case .sgd(let learningRate, let momentum):
          Self.prepare(&state.first, count: count)
          state.first.withUnsafeMutableBufferPointer { velocity in
            for i in 0..<count {
              velocity[i] = momentum * velocity[i] + gradient[i]
              parameters[i] -= learningRate * velocity[i]
            }
          }
        case .adam:
          adam(parameters, gradient, state: &state)
        }
      }
    }
  }

  private func adam(
    _ parameters: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeBufferPointer<Float>, state: inout State
  ) {
    guard case .adam(let learningRate, let beta1, let beta2, let epsilon, let weightDecay) = self else { return }
    Self.prepare(&state.first, count: parameters.count)
    Self.prepare(&state.second, count: parameters.count)
    let step = Double(state.step)
    let rate = learningRate / Float(1 - pow(Double(beta1), step))
    let correction = Float((1 - pow(Double(beta2), step)).squareRoot())
    state.first.withUnsafeMutableBufferPointer { first in
      state.second.withUnsafeMutableBufferPointer { second in
        for i in parameters.indices {
          first[i] = beta1 * first[i] + (1 - beta1) * gradient[i]
          second[i] = beta2 * second[i] + (1 - beta2) * gradient[i] * gradient[i]
          parameters[i] -=
            rate * first[i] / (second[i].squareRoot() / correction + epsilon)
            + learningRate * weightDecay * parameters[i]
        }
      }
    }
  }

  private static func prepare(_ moments: inout [Float], count: Int) {
    if moments.isEmpty { moments = [Float](repeating: 0, count: count) }
  }
}
