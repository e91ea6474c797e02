extension TrainingOptions {
  /// A training that takes about as many steps whatever the size of the dataset, so that a large one does not take all
  /// day: for a demonstration.
  ///
  /// - Parameter songCount: How many songs the dataset has, of which eight in ten are learned from.
  public static func brief(songCount: Int, randomSeed: UInt64) -> TrainingOptions {
    var options = TrainingOptions(preset: .standard)
    options.randomSeed = randomSeed
    let epochs = max(4, 60 * 64 / max(64, songCount * 8 / 10))
    options.crossEntropyEpochs = epochs
    options.tripletEpochs = epochs / 2
    return options
  }
}
