import NeuralNetwork
import Reproducibility
import SongModels
import Testing

@Suite struct PRCNNPassTests {
  /// A network small enough for many passes, whose sizes divide by nothing that the tasks are cut into.
  static var configuration: PRCNNConfiguration {
    var result = PRCNNConfiguration()
    result.frameCount = 45
    result.melBandCount = 19
    result.filters = [5, 7]
    result.pools = [.init(frames: 3, bands: 2), .init(frames: 2, bands: 3)]
    result.sequencePool = .init(frames: 2, bands: 3)
    result.sequenceWidth = 6
    result.recurrentUnits = 5
    result.embeddingDimension = 4
    return result
  }

  private struct Results: Equatable {
    var embeddings: [Float]
    var logits: [Float]
    var gradient: [Float] = []
  }

  private static let classes = 3
  private let network = PRCNN(configuration, classCount: classes)
  private let parameters: [Float]

  init() {
    // With these weights no pool changes its winner on the way of `finiteDifferences`. With many others one does, be
    // the step ever so small in float32, and the slope on that side is another.
    var generator = SeededGenerator(seed: 11)
    parameters = network.initialParameters(using: &generator)
  }

  /// Song `number`'s input depends on its number only, wherever it stands in a batch.
  private func write(_ numbers: [Int], to pass: PRCNNPass) {
    for (song, number) in numbers.enumerated() {
      var generator = SeededGenerator(seed: UInt64(100 + number))
      for i in 0..<network.inputCount { pass.input(song)[i] = Float(generator.normal()) }
    }
  }

  private func random(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Float(generator.normal()) }
  }

  private func run(_ pass: PRCNNPass, songs: Int, parameters: [Float]? = nil) -> Results {
    let parameters = parameters ?? self.parameters
    let (factors, classes) = (songs * Self.configuration.embeddingDimension, songs * Self.classes)
    pass.forward(songs: songs, parameters: parameters)
    var results = Results(
      embeddings: Array(UnsafeBufferPointer(start: pass.embeddings.pointer, count: factors)),
      logits: Array(UnsafeBufferPointer(start: pass.logits.pointer, count: classes)))
    if pass.isTraining {
      results.gradient = pass.backward(
        songs: songs, parameters: parameters, embeddingGradient: random(factors, seed: 2),
        logitGradient: random(classes, seed: 3))
    }
    return results
  }

  @Test("The same bits whatever the number of threads", arguments: [1, 2, 7, 8, 9, 19])
  func threads(songs: Int) {
    let results = [1, 2, 3, 5].map { threads in
      let pass = PRCNNPass(network, capacity: songs, isTraining: true, threads: threads)
      write(Array(0..<songs), to: pass)
      return run(pass, songs: songs)
    }
    for other in results.dropFirst() { #expect(other == results[0]) }
    #expect(results[0].gradient.contains { $0 != 0 })
  }

  @Test("A batch below the capacity, and batches of changing size, leave nothing behind")
  func staleState() {
    let pass = PRCNNPass(network, capacity: 13, isTraining: true, threads: 2)
    for songs in [5, 13, 5, 5, 1, 13] {
      write(Array(0..<songs), to: pass)
      let fresh = PRCNNPass(network, capacity: songs, isTraining: true, threads: 2)
      write(Array(0..<songs), to: fresh)
      #expect(run(pass, songs: songs) == run(fresh, songs: songs), "\(songs) songs")
    }
    pass.forward(songs: 0, parameters: parameters)
    #expect(pass.backward(songs: 0, parameters: parameters, embeddingGradient: []).allSatisfy { $0 == 0 })
  }

  @Test("Inference gives what training gives, also where threads share a song", arguments: [1, 4, 11])
  func inference(songs: Int) {
    let training = PRCNNPass(network, capacity: 11, isTraining: true, threads: 3)
    write(Array(0..<songs), to: training)
    var expected = run(training, songs: songs)
    expected.gradient = []
    for threads in [1, 2, 3, 5, 9, 40] {
      let pass = PRCNNPass(network, capacity: 11, isTraining: false, threads: threads)
      write(Array(0..<songs), to: pass)
      #expect(run(pass, songs: songs) == expected, "\(threads) threads")
    }
  }

  @Test("Inference follows weights that change")
  func changingWeights() {
    let other = parameters.map { -$0 }
    let pass = PRCNNPass(network, capacity: 1, isTraining: false, threads: 1)
    for weights in [parameters, other, parameters] {
      let fresh = PRCNNPass(network, capacity: 1, isTraining: false, threads: 1)
      write([0], to: pass)
      write([0], to: fresh)
      #expect(run(pass, songs: 1, parameters: weights) == run(fresh, songs: 1, parameters: weights))
    }
    #expect(run(pass, songs: 1, parameters: other) != run(pass, songs: 1))
  }

  @Test("A song's embedding does not depend on its company beyond rounding")
  func company() {
    let pass = PRCNNPass(network, capacity: 11, isTraining: false, threads: 2)
    let dimension = Self.configuration.embeddingDimension
    write(Array(0..<11), to: pass)
    let together = run(pass, songs: 11)
    for song in 0..<11 {
      write([song], to: pass)
      let alone = run(pass, songs: 1)
      for i in 0..<dimension {
        #expect(abs(alone.embeddings[i] - together.embeddings[song * dimension + i]) < 1e-6)
      }
    }
  }

  /// The loss Σ cₑ·e + Σ cₗ·l has the gradients c; along a direction d, (L(w + hd) − L(w − hd)) / 2h = gradient · d.
  @Test("Gradients agree with finite differences, tensor by tensor")
  func finiteDifferences() {
    let songs = 3
    let pass = PRCNNPass(network, capacity: songs, isTraining: true, threads: 2)
    write(Array(0..<songs), to: pass)
    let gradient = run(pass, songs: songs).gradient
    let weights =
      random(songs * Self.configuration.embeddingDimension, seed: 2) + random(songs * Self.classes, seed: 3)
    func loss(_ parameters: [Float]) -> Double {
      let results = run(pass, songs: songs, parameters: parameters)
      var sum = 0.0
      for (output, weight) in zip(results.embeddings + results.logits, weights) {
        sum += Double(output) * Double(weight)
      }
      return sum
    }
    for parameter in network.layout.parameters {
      // Along its own gradient the loss changes fastest, which float32 resolves best.
      let norm = gradient[parameter.range].map { Double($0) * Double($0) }.reduce(0, +).squareRoot()
      #expect(norm > 1e-4, "\(parameter.name) has no gradient")
      let step = 1e-3
      var (above, below) = (parameters, parameters)
      for i in parameter.range {
        above[i] += Float(step * Double(gradient[i]) / norm)
        below[i] -= Float(step * Double(gradient[i]) / norm)
      }
      let slope = (loss(above) - loss(below)) / (2 * step)
      #expect(abs(slope - norm) < 2e-3 * norm + 2e-4, "\(parameter.name): \(slope), not \(norm)")
    }
  }
}
