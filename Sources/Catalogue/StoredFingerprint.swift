import Foundation

/// What a recording is known again by, as a catalogue stores it, and what is known of its file beside.
public struct StoredFingerprint: Sendable, Hashable {
  /// The version of how it was made; only fingerprints of one version are compared.
  public var version: Int
  /// Its bytes, which mean nothing to the catalogue.
  public var data: Data
  /// FFmpeg's short name of the file's codec.
  public var codec: String
  /// The file's sample rate in Hz.
  public var sampleRate: Int
  /// The file's number of channels.
  public var channelCount: Int

  /// A fingerprint of a file.
  public init(version: Int, data: Data, codec: String, sampleRate: Int, channelCount: Int) {
    self.version = version
    self.data = data
    self.codec = codec
    self.sampleRate = sampleRate
    self.channelCount = channelCount
  }
}
