/// Batch normalisation (Ioffe and Szegedy 2015), ReLU and max-pooling 2 × 2 in one step, on the planes of
/// ``SquareConvolution``: PyTorch's `BatchNorm2d`, `ReLU`, `MaxPool2d(2)`.
///
/// Nothing is stored between forward and backward but the input: which value of a pool won is found again.
public struct NormalisedPooling: Sendable {
  /// The parameters, and the scales and shifts that they make of statistics.
  public let normalisation: ChannelNormalisation
  /// Frames × bands of the input.
  public let size: (frames: Int, bands: Int)
  /// Frames × bands of the output.
  public var pooled: (frames: Int, bands: Int) { (size.frames / 2, size.bands / 2) }
  /// A multiple of 8.
  public let channels: Int

  /// Adds the parameters to `layout` under `name`, with PyTorch's names.
  public init(_ name: String, size: (frames: Int, bands: Int), channels: Int, layout: inout ParameterLayout) {
    precondition(channels.isMultiple(of: 8), "\(name): \(channels) channels are no multiple of 8")
    precondition(size.frames.isMultiple(of: 2) && size.bands.isMultiple(of: 2), "\(name): \(size) cannot be halved")
    normalisation = ChannelNormalisation(name, channels: channels, layout: &layout)
    (self.size, self.channels) = (size, channels)
  }

  /// The sums of one plane's inner values.
  public func sums(of plane: UnsafePointer<Float>) -> ChannelStatistics.Sums {
    var sums = ChannelStatistics.Sums(channels: channels)
    for frame in 0..<size.frames { sums.add(plane + position(frame, 0) * channels, positions: size.bands) }
    return sums
  }

  // MARK: - Positions

  /// The place of an inner position in a plane of the input.
  private func position(_ frame: Int, _ band: Int) -> Int { (frame + 1) * (size.bands + 2) + band + 1 }
  /// The place of an inner position in a plane of the output.
  private func pooledPosition(_ frame: Int, _ band: Int) -> Int { (frame + 1) * (pooled.bands + 2) + band + 1 }

  private typealias Lanes = SIMD8<Float>

  @inline(__always)
  private static func load(_ pointer: UnsafePointer<Float>) -> Lanes {
    UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
  }

  @inline(__always)
  private static func store(_ value: Lanes, _ pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Lanes.self)
  }

  /// The standard library's `pointwiseMax` asks lane by lane.
  @inline(__always)
  private static func larger(_ one: Lanes, _ other: Lanes) -> Lanes { one.replacing(with: other, where: other .> one) }

  /// Calls `body` for each pool and each eight channels with the places of the pool's four values and of its output.
  @inline(__always)
  private func forEachPool(_ body: (_ sources: (Int, Int, Int, Int), _ target: Int, _ channel: Int) -> Void) {
    let row = (size.bands + 2) * channels
    for frame in 0..<pooled.frames {
      for band in 0..<pooled.bands {
        let source = position(2 * frame, 2 * band) * channels
        let target = pooledPosition(frame, band) * channels
        for channel in stride(from: 0, to: channels, by: 8) {
          let first = source + channel
          body((first, first + channels, first + row, first + row + channels), target + channel, channel)
        }
      }
    }
  }

  // MARK: - Forward

  /// Writes the inner positions of a plane of the output.
  ///
  /// - Parameters:
  ///   - values: a plane of the input.
  ///   - affine: the batch's, or the running one.
  public func forward(
    _ values: UnsafePointer<Float>, _ affine: ChannelAffine, output: UnsafeMutablePointer<Float>
  ) {
    affine.withUnsafeValues { scales, shifts in
      forEachPool { sources, target, channel in
        let (scale, shift) = (Self.load(scales + channel), Self.load(shifts + channel))
        let top = Self.larger(
          Self.load(values + sources.0) * scale + shift, Self.load(values + sources.1) * scale + shift)
        let bottom = Self.larger(
          Self.load(values + sources.2) * scale + shift, Self.load(values + sources.3) * scale + shift)
        Self.store(Self.larger(Self.larger(top, bottom), Lanes(repeating: 0)), output + target)
      }
    }
  }

  // MARK: - Backward

  /// The sums over the winners of pools that the backward pass needs: of the gradient, and of the gradient times the
  /// value before the normalisation.
  public struct GradientSums: Sendable {
    var gradients: [Double]
    var products: [Double]

    /// No sums yet.
    public init(channels: Int) {
      gradients = [Double](repeating: 0, count: channels)
      products = gradients
    }

    /// Adds another plane's.
    public static func += (sums: inout GradientSums, other: GradientSums) {
      for channel in sums.gradients.indices {
        sums.gradients[channel] += other.gradients[channel]
        sums.products[channel] += other.products[channel]
      }
    }
  }

  /// The sums of one plane.
  ///
  /// - Parameters:
  ///   - values: the plane of the input that `forward` had.
  ///   - outputGradient: a plane of the output's gradient.
  public func gradientSums(
    _ values: UnsafePointer<Float>, _ affine: ChannelAffine, outputGradient: UnsafePointer<Float>
  ) -> GradientSums {
    var result = GradientSums(channels: channels)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * channels) { buffer in
      guard let gradients = buffer.baseAddress else { return }
      let products = gradients + channels
      affine.withUnsafeValues { scales, shifts in
        for frame in 0..<pooled.frames {
          gradients.update(repeating: 0, count: 2 * channels)
          for band in 0..<pooled.bands {
            let source = position(2 * frame, 2 * band) * channels
            let target = pooledPosition(frame, band) * channels
            let row = (size.bands + 2) * channels
            for channel in stride(from: 0, to: channels, by: 8) {
              let first = values + source + channel
              let (winner, isPositive) = Self.winner(
                Self.load(first), Self.load(first + channels), Self.load(first + row),
                Self.load(first + row + channels),
                Self.load(scales + channel), Self.load(shifts + channel))
              let gradient = Lanes(repeating: 0).replacing(
                with: Self.load(outputGradient + target + channel), where: isPositive)
              Self.store(Self.load(gradients + channel) + gradient, gradients + channel)
              Self.store(Self.load(products + channel) + gradient * winner, products + channel)
            }
          }
          for channel in 0..<channels {
            result.gradients[channel] += Double(gradients[channel])
            result.products[channel] += Double(products[channel])
          }
        }
      }
    }
    return result
  }

  /// The value that won, before the normalisation, and whether it passes the ReLU.
  @inline(__always)
  private static func winner(
    _ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes, _ scale: Lanes, _ shift: Lanes
  ) -> (Lanes, SIMDMask<SIMD8<Int32>>) {
    var (value, best) = (a, a * scale + shift)
    for other in [b, c, d] {
      let score = other * scale + shift
      let isHigher = score .> best
      value.replace(with: other, where: isHigher)
      best.replace(with: score, where: isHigher)
    }
    return (value, best .> 0)
  }

  /// Adds the gradients of γ and β, and gives what turns an output's gradient into the input's: for each channel
  /// `scale · g + constant + slope · x`, with g 0 for all but the winners of pools.
  public func backward(
    _ affine: ChannelAffine, _ statistics: ChannelStatistics, sums: GradientSums,
    gradient: UnsafeMutablePointer<Float>
  ) -> ChannelNormalisation.InputCorrection {
    normalisation.backward(
      .init(scales: sums.products, shifts: sums.gradients), affine, statistics, gradient: gradient
    ) { byScale, scale, variance, count in
      let deviation = variance.squareRoot()
      return -scale * (byScale / deviation) / (count * deviation)
    }
  }

  /// Writes the inner positions of a plane of the input's gradient.
  public func backwardInput(
    _ values: UnsafePointer<Float>, _ affine: ChannelAffine, _ correction: ChannelNormalisation.InputCorrection,
    outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    affine.withUnsafeValues { scales, shifts in
      correction.constants.withUnsafeBufferPointer { constants in
        correction.slopes.withUnsafeBufferPointer { slopes in
          guard let constants = constants.baseAddress, let slopes = slopes.baseAddress else { return }
          forEachPool { sources, target, channel in
            let (scale, shift) = (Self.load(scales + channel), Self.load(shifts + channel))
            let (constant, slope) = (Self.load(constants + channel), Self.load(slopes + channel))
            let zero = Lanes(repeating: 0)
            let (a, b) = (Self.load(values + sources.0), Self.load(values + sources.1))
            let (c, d) = (Self.load(values + sources.2), Self.load(values + sources.3))
            let (sa, sb, sc, sd) = (a * scale + shift, b * scale + shift, c * scale + shift, d * scale + shift)
            let best = Self.larger(Self.larger(sa, sb), Self.larger(sc, sd))
            var rest = zero.replacing(with: Self.load(outputGradient + target) * scale, where: best .> 0)
            // The first of equal values wins, as in PyTorch; what it takes is not left for the others.
            @inline(__always) func take(_ value: Lanes, _ score: Lanes, _ place: Int) {
              let wins = score .== best
              Self.store(zero.replacing(with: rest, where: wins) + constant + slope * value, inputGradient + place)
              rest.replace(with: zero, where: wins)
            }
            take(a, sa, sources.0)
            take(b, sb, sources.1)
            take(c, sc, sources.2)
            take(d, sd, sources.3)
          }
        }
      }
    }
  }
}

extension ChannelAffine {
  func withUnsafeValues(_ body: (_ scales: UnsafePointer<Float>, _ shifts: UnsafePointer<Float>) -> Void) {
    scales.withUnsafeBufferPointer { scales in
      shifts.withUnsafeBufferPointer { shifts in
        guard let scales = scales.baseAddress, let shifts = shifts.baseAddress else { return }
        body(scales, shifts)
      }
    }
  }
}
