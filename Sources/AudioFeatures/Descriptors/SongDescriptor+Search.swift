extension SongDescriptor {
  /// Standardised values beyond this count as this: a few extreme dimensions do not decide.
  private static let limit: Float = 2

  /// What cosine compares, from the values standardised over the collection (each less its mean over the collection, by its
  /// standard deviation): clipped to ±2, the cepstral means times 1.5, and then the unit vectors of the cepstral part (means
  /// and covariance together) at 1 and of each pattern at 0.2. ``count`` values; their own length is not 1, so that
  /// neighbours still divide by it.
  ///
  /// The weights measured best on artists and genres of two collections alike; the patterns add what no order of frames
  /// tells, from 0.2 to 0.3 about equally.
  public static func searchVector(ofStandardised values: [Float]) -> [Float] {
    precondition(values.count == count, "A descriptor has \(count) values, not \(values.count)")
    var vector = values.map { min(limit, max(-limit, $0)) }
    for index in DescriptorPart.cepstralMeans.range { vector[index] *= 1.5 }
    let cepstral = DescriptorPart.cepstralMeans.range.lowerBound..<DescriptorPart.cepstralCovariance.range.upperBound
    scale(&vector[cepstral], toLength: 1)
    for part in [DescriptorPart.spectralPattern, .deltaSpectralPattern, .fluctuationPattern] {
      scale(&vector[part.range], toLength: 0.2)
    }
    return vector
  }

  /// Leaves a vector without direction as it is.
  private static func scale(_ vector: inout ArraySlice<Float>, toLength length: Float) {
    let square = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
    guard square > 0 else { return }
    let factor = Float(Double(length) / square.squareRoot())
    for index in vector.indices { vector[index] *= factor }
  }
}
