/// The shape of a PRCNN (paper 2.3; the kernel and the padding follow from the shapes that the paper states).
public struct PRCNNConfiguration: Sendable, Hashable, Codable {
  /// The size of a max-pool; its stride is the same.
  public struct Pool: Sendable, Hashable, Codable {
    /// Along time.
    public var frames: Int
    /// Along frequency.
    public var bands: Int

    /// A pool of `frames` × `bands`.
    public init(frames: Int, bands: Int) {
      self.frames = frames
      self.bands = bands
    }
  }

  /// Frames of the input.
  public var frameCount = 640
  /// Mel bands of the input.
  public var melBandCount = 128
  /// Filters of each convolution, kernel 3 along time × 1 along frequency.
  public var filters = [16, 32, 64, 128, 64]
  /// The max-pool after each convolution.
  public var pools = [
    Pool(frames: 2, bands: 2), Pool(frames: 2, bands: 2), Pool(frames: 2, bands: 2), Pool(frames: 4, bands: 4),
    Pool(frames: 4, bands: 4),
  ]
  /// The max-pool before the recurrent branch.
  public var sequencePool = Pool(frames: 4, bands: 2)
  /// The width of the linear embedding of one step.
  public var sequenceWidth = 32
  /// GRU units in each direction.
  public var recurrentUnits = 64
  /// The number of latent factors.
  public var embeddingDimension = 60
  /// The function that is applied to the last layer's sums; nil is the paper's sigmoid. (It is optional so that models
  /// from before there was a choice keep their identifiers.)
  private var output: Output?

  /// The function that is applied to the last layer's sums.
  public enum Output: String, Sendable, Codable {
    /// Latent factors in 0...1, as in the paper.
    case sigmoid
    /// The sums as they are, of which the direction counts.
    case linear
  }

  /// The function that is applied to the last layer's sums.
  public var outputFunction: Output {
    get { output ?? .sigmoid }
    set { output = newValue == .sigmoid ? nil : newValue }
  }

  /// The paper's network: 640 frames × 128 mel bands → 60 latent factors, 119,996 parameters.
  public init() {}

  /// The most values that a layer may have for one song, and the most weights: a configuration read from a file must
  /// not demand all memory. The paper's network has 327,000 and 120,000.
  private static let largestCount = 1 << 26

  /// Why no network can have this shape; nil if one can.
  public var problem: String? {
    let sizes = [frameCount, melBandCount, sequenceWidth, recurrentUnits, embeddingDimension] + filters
    guard sizes.allSatisfy({ (1...65_536).contains($0) }) else { return "a size lies outside 1 to 65,536" }
    guard filters.count == pools.count, !filters.isEmpty else { return "each convolution needs its pool" }
    guard (pools + [sequencePool]).allSatisfy({ (1...15).contains($0.frames) && (1...15).contains($0.bands) }) else {
      return "a pool's side lies outside 1 to 15"
    }
    var (frames, bands, channels) = (frameCount, melBandCount, 1)
    var largest = frames * bands
    for (pool, filters) in zip(pools, filters) {
      largest = max(largest, 3 * channels * filters)
      (frames, bands, channels) = ((frames - 2) / pool.frames, bands / pool.bands, filters)
      guard frames > 0, bands > 0 else { return "the input is too small for the pools" }
      largest = max(largest, frames * bands * channels)
    }
    let features = frames * bands * channels + 2 * recurrentUnits
    largest = max(largest, features * embeddingDimension, 3 * recurrentUnits * max(recurrentUnits, sequenceWidth))
    largest = max(largest, frameCount * max(melBandCount, sequenceWidth, 3 * recurrentUnits))
    guard largest <= Self.largestCount else { return "a layer would have more than 67 million values" }
    guard frameCount >= sequencePool.frames, melBandCount >= sequencePool.bands else {
      return "the input is too small for the recurrent branch's pool"
    }
    return nil
  }
}
