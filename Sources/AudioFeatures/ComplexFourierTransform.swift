import CFFmpeg

/// Owns an FFmpeg plan for a complex Fourier transform in single precision.
struct ComplexFourierTransform: ~Copyable {
  private let context: OpaquePointer
  private let transform: av_tx_fn

  /// Plans a forward transform of `size` complex values.
  ///
  /// Sizes with a prime factor above 15 work, but slowly. (`AV_TX_FLOAT_RDFT` would untangle a real signal's transform
  /// itself, but FFmpeg 5.1's takes twice as long as this one and our own loop together.)
  ///
  /// - Throws: ``AudioFeatureError/transformUnavailable(fftSize:code:)``.
  init(size: Int) throws(AudioFeatureError) {
    var context: OpaquePointer?
    var transform: av_tx_fn?
    var scale: Float = 1
    let code = av_tx_init(&context, &transform, AV_TX_FLOAT_FFT, 0, Int32(size), &scale, 0)
    guard code >= 0, let context, let transform else {
      av_tx_uninit(&context)
      throw .transformUnavailable(fftSize: 2 * size, code: code)
    }
    self.context = context
    self.transform = transform
  }

  deinit {
    var context: OpaquePointer? = context
    av_tx_uninit(&context)
  }

  /// Transforms `input` into `output`: `size` pairs (real, imaginary) each, not overlapping, aligned to 64 bytes. The
  /// input's values are lost.
  func callAsFunction(_ input: borrowing AlignedFloats, into output: borrowing AlignedFloats) {
    transform(context, output.pointer, input.pointer, 2 * MemoryLayout<Float>.stride)
  }
}
