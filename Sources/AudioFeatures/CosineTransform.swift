import CKernels

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The first coefficients of the orthonormal discrete cosine transform of type II:
/// `c[k] = √(2/N) Σ x[n] cos(πk(2n + 1) / 2N)`, with `√(1/N)` for k = 0.
struct CosineTransform: ~Copyable {
  let inputCount: Int
  let coefficientCount: Int
  private let kernels: akin_mel_kernels
  /// ⌈`coefficientCount` / lanes⌉ × `inputCount` × lanes.
  private let basis: AlignedFloats

  init(inputCount: Int, coefficientCount: Int, kernels: KernelChoice) {
    precondition(
      (1...inputCount).contains(coefficientCount),
      "\(coefficientCount) cosine coefficients of \(inputCount) values")
    self.inputCount = inputCount
    self.coefficientCount = coefficientCount
    self.kernels = kernels.melKernels
    let lanes = Int(akin_mel_lane_count)
    let size = Double(inputCount)
    func factor(_ k: Int, _ index: Int) -> Float {
      guard k < coefficientCount else { return 0 }
      let scale = (k == 0 ? 1 / size : 2 / size).squareRoot()
      return Float(scale * cos(.pi * Double(k) * (2 * Double(index) + 1) / (2 * size)))
    }
    basis = AlignedFloats(
      stride(from: 0, to: coefficientCount, by: lanes).flatMap { first in
        (0..<inputCount).flatMap { index in (first..<first + lanes).map { factor($0, index) } }
      })
  }

  /// Transforms rows of `inputCount` values into rows of `coefficientCount`.
  func callAsFunction(rows: [Float]) -> [Float] {
    precondition(rows.count.isMultiple(of: inputCount), "\(rows.count) values are not rows of \(inputCount)")
    let rowCount = rows.count / inputCount
    return [Float](unsafeUninitializedCapacity: rowCount * coefficientCount) { output, count in
      rows.withUnsafeBufferPointer { rows in
        guard let first = rows.baseAddress, let start = output.baseAddress else { return }
        kernels.project_rows(
          first, Int64(rowCount), Int64(inputCount), basis.pointer, Int64(coefficientCount), start)
        count = rowCount * coefficientCount
      }
    }
  }
}
