/// What is wanted of a file: a part of it, at a rate.
public struct AudioPart: Sendable, Hashable {
  /// The part.
  public var excerpt: Excerpt
  /// In Hz, within `AudioDecoder.sampleRates`; nil for the file's own.
  public var sampleRate: Int?

  /// A part at a rate.
  public init(_ excerpt: Excerpt, sampleRate: Int? = nil) {
    self.excerpt = excerpt
    self.sampleRate = sampleRate
  }
}
