/// How far a student's vectors are from its teacher's (knowledge distillation, Hinton et al. 2015), for a batch:
///
///     L = mean (1 - cos(s, t)) + squares · mean (s - t)² + relations · mean (s̃ᵢ·s̃ⱼ - t̃ᵢ·t̃ⱼ)²
///
/// with s̃ and t̃ the vectors less their mean over the batch, scaled to length 1: who is like whom counts, too (relational
/// distillation, Park et al. 2019, with cosines).
public struct DistillationLoss: Sendable, Hashable, Codable {
  /// The weight of squared errors.
  public var squares = 0.25
  /// The weight of relations within the batch.
  public var relations = 3.0

  /// The weights that measured well (docs/listening.md).
  public init(squares: Double = 0.25, relations: Double = 3) {
    self.squares = squares
    self.relations = relations
  }

  /// The loss of a batch, and its gradient with respect to every row of `student`; both have the same shape. A row of
  /// zeros has cosine 0 and no gradient of it. O(count² · dimension).
  public func evaluate(student: EmbeddingMatrix, teacher: EmbeddingMatrix) -> EmbeddingLossEvaluation {
    precondition(
      student.count == teacher.count && student.dimension == teacher.dimension,
      "\(student.count) × \(student.dimension) for \(teacher.count) × \(teacher.dimension)")
    let (count, dimension) = (student.count, student.dimension)
    guard count > 0, dimension > 0 else { return EmbeddingLossEvaluation(loss: 0, termCount: 0, gradient: student) }
    var (loss, gradient) = directions(student, teacher)
    let scale = squares / Double(count * dimension)
    for index in gradient.indices {
      let error = Double(student.values[index]) - Double(teacher.values[index])
      loss += scale * error * error
      gradient[index] += 2 * scale * error
    }
    if relations > 0 { loss += addRelations(student, teacher, to: &gradient) }
    return EmbeddingLossEvaluation(
      loss: loss, termCount: count,
      gradient: EmbeddingMatrix(count: count, dimension: dimension, values: gradient.map { Float($0) }))
  }

  /// 1 - cosine of each pair of rows.
  private func directions(
    _ student: EmbeddingMatrix, _ teacher: EmbeddingMatrix
  ) -> (loss: Double, gradient: [Double]) {
    let (count, dimension) = (student.count, student.dimension)
    let (normalisation, other) = (L2Normalisation(), L2Normalisation().forward(teacher))
    let unit = normalisation.forward(student)
    let slopes = other.embeddings.values.map { -$0 / Float(count) }
    let gradient = normalisation.backward(
      EmbeddingMatrix(count: count, dimension: dimension, values: slopes), of: unit)
    let cosines = zip(unit.embeddings.values, other.embeddings.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    return (1 - cosines / Double(count), gradient.values.map(Double.init))
  }

  /// Adds the gradient of the relations, and gives their loss.
  private func addRelations(
    _ student: EmbeddingMatrix, _ teacher: EmbeddingMatrix, to gradient: inout [Double]
  ) -> Double {
    let (count, dimension) = (student.count, student.dimension)
    let unit = L2Normalisation().forward(Self.centred(student))
    let products = GramMatrix(unit.embeddings)
    let wanted = GramMatrix(L2Normalisation().forward(Self.centred(teacher)).embeddings)
    let scale = relations / Double(count * count)
    var loss = 0.0
    var coefficients = [Double](repeating: 0, count: count * count)
    for row in 0..<count {
      for column in 0..<count {
        let difference = products[row, column] - wanted[row, column]
        loss += scale * difference * difference
        coefficients[row * count + column] = 2 * scale * difference
      }
    }
    let slopes = L2Normalisation().backward(products.gradient(coefficients: coefficients, scale: 1), of: unit)
    // Through the mean, which is taken from every row.
    var mean = [Double](repeating: 0, count: dimension)
    for row in 0..<count {
      for (column, value) in slopes[row].enumerated() { mean[column] += Double(value) / Double(count) }
    }
    for index in gradient.indices { gradient[index] += Double(slopes.values[index]) - mean[index % dimension] }
    return loss
  }

  private static func centred(_ matrix: EmbeddingMatrix) -> EmbeddingMatrix {
    let (count, dimension) = (matrix.count, matrix.dimension)
    var mean = [Double](repeating: 0, count: dimension)
    for row in 0..<count {
      for (column, value) in matrix[row].enumerated() { mean[column] += Double(value) / Double(count) }
    }
    return EmbeddingMatrix(
      count: count, dimension: dimension,
      values: matrix.values.enumerated().map { Float(Double($1) - mean[$0 % dimension]) })
  }
}
