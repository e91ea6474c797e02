import Foundation
import Reproducibility

/// Convolution of charges on the nodes of a grid with the kernel 1 / (1 + d²), by the Hartley transform in each
/// direction. It is real and its own inverse, and turns convolution with a kernel that is even in each direction into a
/// product.
///
/// The kernel is divided by the squared response of the splines at each frequency, which cancels their effect: splines
/// spread the charges, and read the field (as in particle–mesh Ewald; Essmann et al., 1995).
final class GridConvolution {
  /// The number of nodes in each direction, twice the usable ones, so that no charge acts across the border.
  let columnCount: Int
  let rowCount: Int
  /// The distance between neighbouring nodes.
  let spacing: Float
  /// Floats from one row of nodes to the next.
  let stride: Int
  /// Charges before the convolution, potentials after it: rows of `stride` values, the second half unused.
  private(set) var nodes: [Float]
  private let columnTransform: ColumnFourierTransform
  private let rowTransform: ColumnFourierTransform
  /// [column][frequency along a column]; rows are padded, or they would compete for the same cache lines.
  private var spectrum: [Float]
  private let spectrumStride: Int
  /// [frequency along a row][frequency along a column]
  private var kernel: [Float]

  private typealias Lanes = SIMD8<Float>
  /// 8 columns as real parts, 8 as imaginary parts.
  private static let stripWidth = 16

  init(columnCount: Int, rowCount: Int, spacing: Float, threads: Int) {
    self.columnCount = columnCount
    self.rowCount = rowCount
    self.spacing = spacing
    columnTransform = ColumnFourierTransform(length: rowCount)
    rowTransform = ColumnFourierTransform(length: columnCount)
    let padded = Self.roundedUp(columnCount)
    stride = padded + Self.stripWidth
    spectrumStride = Self.roundedUp(rowCount) + Self.stripWidth
    nodes = [Float](repeating: 0, count: rowCount * stride)
    spectrum = [Float](repeating: 0, count: padded * spectrumStride)
    kernel = []
    prepareKernel(threads: threads)
  }

  private static func roundedUp(_ count: Int) -> Int { (count + stripWidth - 1) / stripWidth * stripWidth }

  /// Lets `body` add charges to the first `rows` rows, which are 0 before.
  func withCharges(rows: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    nodes.withUnsafeMutableBufferPointer { nodes in
      guard let start = nodes.baseAddress else { return }
      start.update(repeating: 0, count: rows * stride)
      body(start)
    }
  }

  /// Replaces charges by potentials in the first `columns` × `rows` nodes, at most half of all in each direction.
  func convolve(columns: Int, rows: Int, threads: Int) {
    withPointers { nodes, spectrum, kernel in
      Parallel.forEach(count: (columns + Self.stripWidth - 1) / Self.stripWidth, threads: threads) { strip, _ in
        transformColumns(strip, rows: rows, nodes, spectrum)
      }
      Parallel.forEach(count: spectrumStride / Self.stripWidth - 1, threads: threads) { strip, _ in
        multiply(strip, columns: columns, spectrum, kernel)
      }
      Parallel.forEach(count: (columns + Self.stripWidth - 1) / Self.stripWidth, threads: threads) { strip, _ in
        restoreColumns(strip, rows: rows, spectrum, nodes)
      }
    }
  }

  private func withPointers(
    _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    nodes.withUnsafeMutableBufferPointer { nodes in
      spectrum.withUnsafeMutableBufferPointer { spectrum in
        kernel.withUnsafeBufferPointer { kernel in
          guard let nodes = nodes.baseAddress, let spectrum = spectrum.baseAddress, let kernel = kernel.baseAddress
          else { return }
          body(nodes, spectrum, kernel)
        }
      }
    }
  }

  /// nodes[row][column] → spectrum[column][frequency], of 16 columns.
  private func transformColumns(
    _ strip: Int, rows: Int, _ nodes: UnsafePointer<Float>, _ spectrum: UnsafeMutablePointer<Float>
  ) {
    let first = strip * Self.stripWidth
    withStrip(rowCount) { data, scratch in
      for row in 0..<rows { data[row] = Self.load(nodes + row * stride + first) }
      (data + rows).update(repeating: .zero, count: rowCount - rows)
      let result = columnTransform(data, scratch: scratch)
      Self.takeHartley(result, rowCount)
      for frequency in 0..<rowCount {
        let values = result[frequency]
        let output = spectrum + first * spectrumStride + frequency
        for lane in 0..<8 {
          output[lane * spectrumStride] = values.re[lane]
          output[(lane + 8) * spectrumStride] = values.im[lane]
        }
      }
    }
  }

  /// Along the rows: transform, product with the kernel, and back, for 16 frequencies along the columns.
  private func multiply(
    _ strip: Int, columns: Int, _ spectrum: UnsafeMutablePointer<Float>, _ kernel: UnsafePointer<Float>
  ) {
    let first = strip * Self.stripWidth
    withStrip(columnCount) { data, scratch in
      for column in 0..<columns { data[column] = Self.load(spectrum + column * spectrumStride + first) }
      (data + columns).update(repeating: .zero, count: columnCount - columns)
      let there = rowTransform(data, scratch: scratch)
      Self.takeHartley(there, columnCount)
      for frequency in 0..<columnCount {
        let factors = Self.load(kernel + frequency * spectrumStride + first)
        there[frequency].re *= factors.re
        there[frequency].im *= factors.im
      }
      let back = rowTransform(there, scratch: there == data ? scratch : data)
      Self.takeHartley(back, columnCount)
      for column in 0..<columns { Self.store(back[column], spectrum + column * spectrumStride + first) }
    }
  }

  /// spectrum[column][frequency] → nodes[row][column], of 16 columns.
  private func restoreColumns(
    _ strip: Int, rows: Int, _ spectrum: UnsafePointer<Float>, _ nodes: UnsafeMutablePointer<Float>
  ) {
    let first = strip * Self.stripWidth
    withStrip(rowCount) { data, scratch in
      for frequency in 0..<rowCount {
        let input = spectrum + first * spectrumStride + frequency
        var values = ComplexLanes.zero
        for lane in 0..<8 {
          values.re[lane] = input[lane * spectrumStride]
          values.im[lane] = input[(lane + 8) * spectrumStride]
        }
        data[frequency] = values
      }
      let result = columnTransform(data, scratch: scratch)
      Self.takeHartley(result, rowCount)
      for row in 0..<rows { Self.store(result[row], nodes + row * stride + first) }
    }
  }

  private func prepareKernel(threads: Int) {
    for row in 0..<rowCount {
      let dy = Float(min(row, rowCount - row)) * spacing
      for column in 0..<columnCount {
        let dx = Float(min(column, columnCount - column)) * spacing
        nodes[row * stride + column] = 1 / (1 + dx * dx + dy * dy)
      }
    }
    var result = [Float](repeating: 0, count: columnCount * spectrumStride)
    result.withUnsafeMutableBufferPointer { result in
      nodes.withUnsafeBufferPointer { nodes in
        spectrum.withUnsafeMutableBufferPointer { spectrum in
          guard let nodes = nodes.baseAddress, let spectrum = spectrum.baseAddress, let result = result.baseAddress
          else { return }
          Parallel.forEach(count: (columnCount + Self.stripWidth - 1) / Self.stripWidth, threads: threads) { strip, _ in
            transformColumns(strip, rows: rowCount, nodes, spectrum)
          }
          Parallel.forEach(count: spectrumStride / Self.stripWidth - 1, threads: threads) { strip, _ in
            transformKernel(strip, spectrum, result)
          }
        }
      }
    }
    kernel = result
    nodes = [Float](repeating: 0, count: (rowCount / 2 + 1) * stride)
  }

  private func transformKernel(
    _ strip: Int, _ spectrum: UnsafePointer<Float>, _ kernel: UnsafeMutablePointer<Float>
  ) {
    let first = strip * Self.stripWidth
    let count = Double(columnCount) * Double(rowCount)
    withStrip(columnCount) { data, scratch in
      for column in 0..<columnCount { data[column] = Self.load(spectrum + column * spectrumStride + first) }
      let result = rowTransform(data, scratch: scratch)
      Self.takeHartley(result, columnCount)
      for frequency in 0..<columnCount {
        let alongRow = Self.splineResponse(frequency, of: columnCount)
        for lane in 0..<8 {
          for (half, value) in [result[frequency].re[lane], result[frequency].im[lane]].enumerated() {
            let alongColumn = first + 8 * half + lane
            let response = alongRow * Self.splineResponse(alongColumn, of: rowCount)
            // Two transforms here and four in `convolve` double the values (2⁶ = 64), and a factor of 1 / count is due.
            kernel[frequency * spectrumStride + alongColumn] = Float(Double(value) / 64 / count / (response * response))
          }
        }
      }
    }
  }

  /// The response of the splines to a wave of the given frequency.
  private static func splineResponse(_ frequency: Int, of count: Int) -> Double {
    let angle = 2 * Double.pi * Double(frequency) / Double(count)
    let weights = SplineWeights.atNodes
    return weights.0 + 2 * weights.1 * cos(angle) + 2 * weights.2 * cos(2 * angle)
  }

  /// Twice the Hartley transforms Σ x (cos + sin) of the real and the imaginary parts, from their joint Fourier
  /// transform.
  private static func takeHartley(_ values: UnsafeMutablePointer<ComplexLanes>, _ count: Int) {
    values[0].re *= 2
    values[0].im *= 2
    for frequency in 1...count / 2 {
      let (left, right) = (values[frequency], values[count - frequency])
      let (evenRe, oddRe) = (left.re + right.re, left.re - right.re)
      let (evenIm, oddIm) = (left.im + right.im, left.im - right.im)
      values[frequency] = ComplexLanes(re: evenRe - oddIm, im: evenIm + oddRe)
      values[count - frequency] = ComplexLanes(re: evenRe + oddIm, im: evenIm - oddRe)
    }
  }

  private func withStrip(
    _ length: Int, _ body: (UnsafeMutablePointer<ComplexLanes>, UnsafeMutablePointer<ComplexLanes>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: ComplexLanes.self, capacity: 2 * length) { buffer in
      guard let data = buffer.baseAddress else { return }
      body(data, data + length)
    }
  }

  @inline(__always)
  private static func load(_ values: UnsafePointer<Float>) -> ComplexLanes {
    let raw = UnsafeRawPointer(values)
    return ComplexLanes(
      re: raw.loadUnaligned(as: Lanes.self), im: raw.loadUnaligned(fromByteOffset: 32, as: Lanes.self))
  }

  @inline(__always)
  private static func store(_ lanes: ComplexLanes, _ values: UnsafeMutablePointer<Float>) {
    let raw = UnsafeMutableRawPointer(values)
    raw.storeBytes(of: lanes.re, as: Lanes.self)
    raw.storeBytes(of: lanes.im, toByteOffset: 32, as: Lanes.self)
  }
}
