import CKernels

/// Max-pooling of a network's input: size = stride, a remainder is dropped. It needs no backward pass, since no weights
/// precede it.
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
    precondition(
      pool.frames > 0 && pool.bands > 0 && pool.frames * pool.bands <= 256
        && inputShape.frames >= pool.frames && inputShape.bands >= pool.bands,
      "pool \(pool) of \(inputShape)")
    self.inputShape = inputShape
    self.pool = pool
  }

  /// `[frames][bands]` → `[frames / pool.frames][bands / pool.bands]`.
  public func forward(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>) {
    akin_max_pool(
      Int32(inputShape.frames), Int32(inputShape.bands), Int32(pool.frames), Int32(pool.bands), input, output, nil)
  }
}
