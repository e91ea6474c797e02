extension SongDescriptor {
  /// Standardised values are clipped to ± this, so that a few extreme dimensions do not decide.
  private static let limit: Float = 2
  /// The length of the cepstral part, and of each pattern.
  static let (cepstralLength, patternLength): (Float, Float) = (1, 0.2)

  /// The vector that a search compares by cosine: ``count`` values.
  ///
  /// Standardised values are clipped to ±2, and the cepstral means are multiplied by 1.5. Then the cepstral part (means
  /// and covariance together) is scaled to length 1, and each of the patterns to 0.2. The whole does not have length 1.
  ///
  /// These weights were the best for artists and for genres, in both of two collections; the patterns add what the
  /// statistics of single frames cannot tell. Weights of the patterns from 0.2 to 0.3 do about equally.
  ///
  /// - Parameter values: A descriptor's values, each less its mean over the collection and divided by its standard
  ///   deviation over the collection.
  public static func searchVector(ofStandardised values: [Float]) -> [Float] {
    precondition(values.count == count, "A descriptor has \(count) values, not \(values.count)")
    var vector = values.map { min(limit, max(-limit, $0)) }
    for index in DescriptorPart.cepstralMeans.range { vector[index] *= 1.5 }
    let cepstral = DescriptorPart.cepstralMeans.range.lowerBound..<DescriptorPart.cepstralCovariance.range.upperBound
    scale(&vector[cepstral], toLength: cepstralLength)
    for part in [DescriptorPart.spectralPattern, .deltaSpectralPattern, .fluctuationPattern] {
      scale(&vector[part.range], toLength: patternLength)
    }
    return vector
  }

  /// Scales a vector to a length; a zero vector stays as it is.
  private static func scale(_ vector: inout ArraySlice<Float>, toLength length: Float) {
    let square = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
    guard square > 0 else { return }
    let factor = Float(Double(length) / square.squareRoot())
    for index in vector.indices { vector[index] *= factor }
  }
}
