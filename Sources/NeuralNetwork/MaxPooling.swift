/// Max-pooling of a network's input: size = stride, a remainder is dropped. It has no backward pass, since nothing
/// lies before it.
public struct MaxPooling: Sendable {
  /// The input's shape.
  public let inputShape: (frames: Int, bands: Int)
  /// The size of a pool.
  public let pool: (frames: Int, bands: Int)
  /// The output's shape.
  public var outputShape: (frames: Int, bands: Int) {
    (inputShape.frames / pool.frames, inputShape.bands / pool.bands)
  }

  /// Pools `[frames][bands]`.
  public init(inputShape: (frames: Int, bands: Int), pool: (frames: Int, bands: Int)) {
    self.inputShape = inputShape
    self.pool = pool
  }

  /// `[frames][bands]` → `[frames / pool.frames][bands / pool.bands]`.
  public func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>) {
    let (frames, bands) = outputShape
    for frame in 0..<frames {
      for band in 0..<bands {
        var maximum = -Float.infinity
        for poolFrame in 0..<pool.frames {
          let row = input + (frame * pool.frames + poolFrame) * inputShape.bands + band * pool.bands
          for poolBand in 0..<pool.bands { maximum = max(maximum, row[poolBand]) }
        }
        output[frame * bands + band] = maximum
      }
    }
  }
}
