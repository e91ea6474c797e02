import AudioDecoding
import Foundation

/// A short song whose sound follows from its numbers: a chord with its overtones and a pulse.
package struct TestSong {
  /// The fundamental in Hz.
  package var pitch: Double
  /// Pulses a second.
  package var tempo: Double
  /// In seconds.
  package var seconds = 1.0

  /// Songs of one kind sound alike, those of others do not.
  package init(kind: Int, variant: Int, seconds: Double = 1) {
    pitch = 110 * pow(2, Double(kind) * 0.7) * (1 + 0.01 * Double(variant))
    tempo = 2 + 3 * Double(kind) + 0.1 * Double(variant)
    self.seconds = seconds
  }

  package var samples: [Float] {
    (0..<Int(seconds * 22_050)).map { index in
      let time = Double(index) / 22_050
      let pulse = 0.6 + 0.4 * sin(2 * .pi * tempo * time)
      let chord = (1...4).reduce(0.0) { sum, overtone in
        let phase: Double = 2 * .pi * pitch * Double(overtone) * time
        return sum + 0.15 / Double(overtone) * sin(phase)
      }
      return Float(chord * pulse)
    }
  }

  /// Writes the song, with its folders; the format follows from the name.
  package func write(to path: String, tags: AudioTags = AudioTags()) throws {
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let format = AudioFileFormat(rawValue: (path as NSString).pathExtension) ?? .wav
    try AudioEncoder.write([samples], sampleRate: 22_050, tags: tags, to: path, format: format)
  }

  /// Writes the song as MP3, with an ID3v2.3 tag in Latin-1, as old taggers wrote it: its bytes may mean anything.
  package func write(to path: String, latin1Title title: String, artist: String) throws {
    try write(to: path)
    func size(_ count: Int) -> [UInt8] { [0, 0, UInt8(count >> 7), UInt8(count & 0x7F)] }
    func frame(_ name: String, _ text: String) -> [UInt8] {
      let bytes = text.unicodeScalars.map { UInt8($0.value) }
      return Array(name.utf8) + size(bytes.count + 1) + [0, 0, 0] + bytes
    }
    let frames = frame("TIT2", title) + frame("TPE1", artist)
    let file = URL(filePath: path)
    let plain = try Data(contentsOf: file)
    try (Data(Array("ID3".utf8) + [3, 0, 0] + size(frames.count) + frames) + plain).write(to: file)
  }

  /// Writes `kinds` × `variants` songs, "artist 0/song 3.flac", with tags, and returns their paths.
  @discardableResult
  package static func writeCollection(kinds: Int, variants: Int, in folder: String) throws -> [String] {
    try (0..<kinds).flatMap { kind in
      try (0..<variants).map { variant in
        let path = "\(folder)/artist \(kind)/song \(variant).flac"
        let tags = AudioTags(
          title: "Song \(kind)-\(variant)", artists: ["Artist \(kind)"], album: "Album \(variant % 2)",
          genres: ["Genre"])
        try TestSong(kind: kind, variant: variant).write(to: path, tags: tags)
        return path
      }
    }
  }
}
