import Foundation

/// A complex number for each of 8 columns.
struct ComplexLanes {
  var re: SIMD8<Float>
  var im: SIMD8<Float>

  static let zero = ComplexLanes(re: .zero, im: .zero)
}

/// Discrete Fourier transforms of 8 columns at once, for lengths without prime factors other than 2 and 3: Stockham's
/// algorithm, which does not need reordering, with radices 4, 2 and 3.
struct ColumnFourierTransform: Sendable {
  /// The number of values in a column.
  let length: Int
  private let stages: [Stage]

  private struct Stage {
    let radix: Int
    /// The length of the remaining transforms, and the distance between their values.
    let count: Int
    let stride: Int
    /// (radix - 1) for each of `count`: the powers of exp(-2πi p / (radix × count)).
    let twiddles: [SIMD2<Float>]
  }

  /// The smallest length of at least `minimum` that has a transform, a multiple of 4.
  static func length(atLeast minimum: Int) -> Int {
    var best = Int.max
    for odd in [1, 3, 9, 27] {
      var length = 4 * odd
      while length < minimum { length *= 2 }
      best = min(best, length)
    }
    return best
  }

  init(length: Int) {
    self.length = length
    var stages: [Stage] = []
    var (rest, stride) = (length, 1)
    while rest > 1 {
      let radix = rest % 4 == 0 ? 4 : rest % 2 == 0 ? 2 : 3
      precondition(rest % radix == 0, "no transform of length \(length)")
      let count = rest / radix
      var twiddles: [SIMD2<Float>] = []
      for index in 0..<count {
        for power in 1..<radix {
          let angle = -2 * Double.pi * Double(index * power % rest) / Double(rest)
          twiddles.append([Float(cos(angle)), Float(sin(angle))])
        }
      }
      stages.append(Stage(radix: radix, count: count, stride: stride, twiddles: twiddles))
      (rest, stride) = (count, stride * radix)
    }
    self.stages = stages
  }

  /// X(f) = Σ x(n) exp(-2πi f n / length) of `data`, with `scratch` of the same length. The result is in one of the two
  /// buffers, which is returned.
  func callAsFunction(
    _ data: UnsafeMutablePointer<ComplexLanes>, scratch: UnsafeMutablePointer<ComplexLanes>
  ) -> UnsafeMutablePointer<ComplexLanes> {
    var (from, to) = (data, scratch)
    for stage in stages {
      switch stage.radix {
      case 4: Self.radix4(stage, from, to)
      case 3: Self.radix3(stage, from, to)
      default: Self.radix2(stage, from, to)
      }
      swap(&from, &to)
    }
    return from
  }

  private static func radix4(
    _ stage: Stage, _ from: UnsafeMutablePointer<ComplexLanes>, _ to: UnsafeMutablePointer<ComplexLanes>
  ) {
    let (count, stride) = (stage.count, stage.stride)
    stage.twiddles.withUnsafeBufferPointer { twiddles in
      for index in 0..<count {
        let (one, two, three) = (twiddles[3 * index], twiddles[3 * index + 1], twiddles[3 * index + 2])
        for offset in 0..<stride {
          let input = from + offset + stride * index
          let (a, b) = (input[0], input[stride * count])
          let (c, d) = (input[2 * stride * count], input[3 * stride * count])
          let (even, difference) = (a + c, a - c)
          let (odd, turned) = (b + d, (b - d).timesMinusI)
          let output = to + offset + stride * 4 * index
          output[0] = even + odd
          output[stride] = (difference + turned) * one
          output[2 * stride] = (even - odd) * two
          output[3 * stride] = (difference - turned) * three
        }
      }
    }
  }

  private static func radix3(
    _ stage: Stage, _ from: UnsafeMutablePointer<ComplexLanes>, _ to: UnsafeMutablePointer<ComplexLanes>
  ) {
    let (count, stride) = (stage.count, stage.stride)
    let sine = Float(0.75.squareRoot())
    stage.twiddles.withUnsafeBufferPointer { twiddles in
      for index in 0..<count {
        let (one, two) = (twiddles[2 * index], twiddles[2 * index + 1])
        for offset in 0..<stride {
          let input = from + offset + stride * index
          let (a, b, c) = (input[0], input[stride * count], input[2 * stride * count])
          let sum = b + c
          let middle = a - sum.scaled(by: 0.5)
          let turned = (b - c).timesMinusI.scaled(by: sine)
          let output = to + offset + stride * 3 * index
          output[0] = a + sum
          output[stride] = (middle + turned) * one
          output[2 * stride] = (middle - turned) * two
        }
      }
    }
  }

  private static func radix2(
    _ stage: Stage, _ from: UnsafeMutablePointer<ComplexLanes>, _ to: UnsafeMutablePointer<ComplexLanes>
  ) {
    let (count, stride) = (stage.count, stage.stride)
    for index in 0..<count {
      for offset in 0..<stride {
        let (a, b) = (from[offset + stride * index], from[offset + stride * (index + count)])
        to[offset + stride * 2 * index] = a + b
        to[offset + stride * (2 * index + 1)] = (a - b) * stage.twiddles[index]
      }
    }
  }
}

extension ComplexLanes {
  @inline(__always)
  fileprivate static func + (left: Self, right: Self) -> Self { .init(re: left.re + right.re, im: left.im + right.im) }

  @inline(__always)
  fileprivate static func - (left: Self, right: Self) -> Self { .init(re: left.re - right.re, im: left.im - right.im) }

  @inline(__always)
  fileprivate static func * (left: Self, right: SIMD2<Float>) -> Self {
    .init(re: left.re * right.x - left.im * right.y, im: left.re * right.y + left.im * right.x)
  }

  @inline(__always)
  fileprivate var timesMinusI: Self { .init(re: im, im: -re) }

  @inline(__always)
  fileprivate func scaled(by factor: Float) -> Self { .init(re: re * factor, im: im * factor) }
}
