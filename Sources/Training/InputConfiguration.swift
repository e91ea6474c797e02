import AudioFeatures

/// How songs become the input of a network in training.
package struct InputConfiguration: Sendable {
  /// The features that are made of samples.
  package var features: LogMelConfiguration
  /// Random excerpts are cut out of so many seconds from the middle of a song; nil to always take the middle excerpt.
  package var cropSeconds: Double?
  /// How excerpts are changed at random; nil to take them as they are.
  package var augmentation: SpectrogramAugmentation?

  package init(
    features: LogMelConfiguration, cropSeconds: Double? = nil, augmentation: SpectrogramAugmentation? = nil
  ) {
    self.features = features
    self.cropSeconds = cropSeconds
    self.augmentation = augmentation
  }

  /// The number of frames that the cache keeps of a song.
  package func cachedFrames(excerpt: Int) -> Int {
    guard let cropSeconds else { return excerpt }
    return max(excerpt, Int(cropSeconds * Double(features.sampleRate)) / features.hopLength)
  }
}
