/// Memory for samples that grows, but never shrinks.
final class SampleBuffer {
  private(set) var samples: UnsafeMutablePointer<Float>
  private(set) var capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    samples = .allocate(capacity: capacity)
    samples.initialize(repeating: 0, count: capacity)
  }

  deinit {
    samples.deallocate()
  }

  /// Makes room for `count` samples; the first `kept` samples are kept.
  func reserve(_ count: Int, keeping kept: Int = 0) {
    guard count > capacity else { return }
    let larger = UnsafeMutablePointer<Float>.allocate(capacity: count)
    larger.update(from: samples, count: kept)
    (larger + kept).initialize(repeating: 0, count: count - kept)
    samples.deallocate()
    (samples, capacity) = (larger, count)
  }
}
