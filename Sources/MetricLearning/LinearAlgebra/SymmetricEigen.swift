/// The eigenvalues and eigenvectors of a real symmetric matrix A = V diag(λ) Vᵀ, in double precision.
///
/// Householder's reduction to tridiagonal form, then implicit QL with shifts: the method of EISPACK's `tred2` and
/// `tql2` (Bowdler, Martin, Reinsch and Wilkinson, 1968). O(n³); all sums have a fixed order.
public struct SymmetricEigen: Sendable, Hashable {
  /// The number of rows and of columns.
  public let count: Int
  /// The eigenvalues, largest first.
  public private(set) var values: [Double]
  /// The eigenvectors, one per row in the order of the values: `count` × `count`, orthonormal. The element of the
  /// largest magnitude, the first of several, is positive in each.
  public private(set) var vectors: [Double]

  /// Decomposes a matrix; nil if it has an element that is not finite.
  ///
  /// `matrix` is row-major of shape `count` × `count`; only its lower triangle is read.
  public init?(_ matrix: [Double], count: Int) {
    precondition(matrix.count == count * count, "\(matrix.count) elements do not fill a matrix of \(count) × \(count)")
    guard matrix.allSatisfy(\.isFinite) else { return nil }
    // Columns of V are stored as rows, since all operations on V are on columns.
    var reduction = Tridiagonal(matrix, count: count)
    guard reduction.diagonalise() else { return nil }
    self.count = count
    let order = reduction.diagonal.indices.sorted {
      (reduction.diagonal[$1], $0) < (reduction.diagonal[$0], $1)
    }
    values = order.map { reduction.diagonal[$0] }
    vectors = order.flatMap { row in
      let vector = reduction.basis[row * count..<(row + 1) * count]
      let magnitude = vector.reduce(0) { max($0, abs($1)) }
      let isNegative = vector.first { abs($0) == magnitude }.map { $0 < 0 } ?? false
      return isNegative ? vector.map { -$0 } : Array(vector)
    }
  }

  /// The eigenvector of the eigenvalue with the given index.
  public subscript(index: Int) -> ArraySlice<Double> {
    precondition((0..<count).contains(index), "eigenvector \(index) of \(count)")
    return vectors[index * count..<(index + 1) * count]
  }
}

/// A = Q T Qᵀ with T tridiagonal, on its way to diagonal.
private struct Tridiagonal {
  let count: Int
  /// The diagonal of T: in the end the eigenvalues.
  var diagonal: [Double]
  /// The elements beside the diagonal; `beside[i]` between rows i and i + 1, the last one is 0.
  var beside: [Double]
  /// The columns of Q, one after another.
  var basis: [Double]

  /// Householder's reduction: one reflection I − β u uᵀ for each column, from the first on.
  init(_ matrix: [Double], count: Int) {
    self.count = count
    diagonal = [Double](repeating: 0, count: count)
    beside = diagonal
    basis = [Double](repeating: 0, count: count * count)
    var work = matrix
    for row in 0..<count {
      for column in 0..<row { work[column * count + row] = work[row * count + column] }
    }
    /// u of each reflection, stored where its column lies below the diagonal, and its β.
    var reflections = [Double](repeating: 0, count: count * count)
    var betas = diagonal
    for step in 0..<count {
      diagonal[step] = work[step * count + step]
      guard step + 1 < count else { break }
      let column = step * count
      let (next, beta) = Self.reflector(of: work, row: step, count: count, into: &reflections)
      beside[step] = next
      betas[step] = beta
      guard beta != 0 else { continue }
      let u = reflections[column..<column + count]
      Self.reflect(&work, by: Array(u), beta: beta, from: step + 1, count: count)
    }
    formBasis(reflections: reflections, betas: betas)
  }

  /// The reflection that leaves only one element beside the diagonal in a row, and that element.
  private static func reflector(
    of work: [Double], row: Int, count: Int, into reflections: inout [Double]
  ) -> (next: Double, beta: Double) {
    let start = row * count + row + 1
    let end = (row + 1) * count
    let scale = work[start..<end].reduce(0) { max($0, abs($1)) }
    // Only the first element is not 0: nothing to do.
    guard work[(start + 1)..<end].contains(where: { $0 != 0 }) else { return (work[start], 0) }
    var squares = 0.0
    for index in start..<end {
      reflections[index] = work[index] / scale
      squares += reflections[index] * reflections[index]
    }
    let first = reflections[start]
    let length = first > 0 ? -squares.squareRoot() : squares.squareRoot()
    reflections[start] = first - length
    return (length * scale, 1 / (squares - first * length))
  }

  /// H A H for H = I − β u uᵀ, in the rows and columns from `start` on.
  private static func reflect(_ work: inout [Double], by u: [Double], beta: Double, from start: Int, count: Int) {
    var p = [Double](repeating: 0, count: count)
    work.withUnsafeMutableBufferPointer { work in
      for row in start..<count {
        var sum = 0.0
        for column in start..<count { sum += work[row * count + column] * u[column] }
        p[row] = beta * sum
      }
      var along = 0.0
      for row in start..<count { along += u[row] * p[row] }
      for row in start..<count { p[row] -= 0.5 * beta * along * u[row] }
      for row in start..<count {
        let (x, y) = (u[row], p[row])
        for column in start..<count { work[row * count + column] -= x * p[column] + y * u[column] }
      }
    }
  }

  /// Q, the product of the reflections, from the last on, so that each touches only what is no longer the identity.
  private mutating func formBasis(reflections: [Double], betas: [Double]) {
    let count = count
    for index in 0..<count { basis[index * count + index] = 1 }
    basis.withUnsafeMutableBufferPointer { basis in
      for step in (0..<max(0, count - 1)).reversed() where betas[step] != 0 {
        let u = reflections[step * count..<(step + 1) * count]
        u.withUnsafeBufferPointer { u in
          for column in (step + 1)..<count {
            var sum = 0.0
            for row in (step + 1)..<count { sum += u[row] * basis[column * count + row] }
            sum *= betas[step]
            for row in (step + 1)..<count { basis[column * count + row] -= sum * u[row] }
          }
        }
      }
    }
  }

  /// Implicit QL: drives the elements beside the diagonal to 0, one eigenvalue after the other; false if one does not
  /// converge, which is not known to happen for a finite matrix.
  mutating func diagonalise() -> Bool {
    let norm = zip(diagonal, beside).reduce(0) { max($0, abs($1.0) + abs($1.1)) }
    for index in 0..<count {
      var sweeps = 0
      while true {
        let end = firstSplit(from: index, negligible: .ulpOfOne / 2 * norm)
        if end == index { break }
        sweeps += 1
        guard sweeps <= 60 else { return false }
        sweep(from: index, to: end)
      }
    }
    return true
  }

  /// The first row from `start` on whose element beside the diagonal is negligible compared to its neighbours, or to
  /// the whole matrix: if many eigenvalues are 0 but for rounding, the neighbours alone are not a measure.
  private func firstSplit(from start: Int, negligible: Double) -> Int {
    var end = start
    while end < count - 1 {
      let neighbours = abs(diagonal[end]) + abs(diagonal[end + 1])
      if abs(beside[end]) <= negligible || neighbours + abs(beside[end]) == neighbours { break }
      end += 1
    }
    return end
  }

  /// One QL step over the rows `start...end`, by rotations from the end up.
  private mutating func sweep(from start: Int, to end: Int) {
    // Wilkinson's shift.
    var g = (diagonal[start + 1] - diagonal[start]) / (2 * beside[start])
    let length = Self.hypotenuse(g, 1)
    g = diagonal[end] - diagonal[start] + beside[start] / (g + (g < 0 ? -length : length))
    var (sine, cosine, shift) = (1.0, 1.0, 0.0)
    var row = end - 1
    while row >= start {
      let f = sine * beside[row]
      let b = cosine * beside[row]
      var r = Self.hypotenuse(f, g)
      beside[row + 1] = r
      guard r != 0 else {
        // The rotations have split the matrix here: start anew with the smaller one.
        diagonal[row + 1] -= shift
        beside[end] = 0
        return
      }
      sine = f / r
      cosine = g / r
      g = diagonal[row + 1] - shift
      r = (diagonal[row] - g) * sine + 2 * cosine * b
      shift = sine * r
      diagonal[row + 1] = g + shift
      g = cosine * r - b
      rotate(row, sine: sine, cosine: cosine)
      row -= 1
    }
    diagonal[start] -= shift
    beside[start] = g
    beside[end] = 0
  }

  /// Turns two neighbouring columns of the basis.
  private mutating func rotate(_ column: Int, sine: Double, cosine: Double) {
    let count = count
    basis.withUnsafeMutableBufferPointer { basis in
      for index in column * count..<(column + 1) * count {
        let (first, second) = (basis[index], basis[index + count])
        basis[index + count] = sine * first + cosine * second
        basis[index] = cosine * first - sine * second
      }
    }
  }

  /// √(a² + b²) without overflow.
  private static func hypotenuse(_ a: Double, _ b: Double) -> Double {
    let (larger, smaller) = (max(abs(a), abs(b)), min(abs(a), abs(b)))
    guard larger != 0 else { return 0 }
    let quotient = smaller / larger
    return larger * (1 + quotient * quotient).squareRoot()
  }
}
