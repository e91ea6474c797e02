import Foundation

/// A short video of black pictures and a song, as an AVI file.
package struct TestVideo {
  package var song: TestSong
  /// Whether it has a picture track, and a sound track.
  package var hasPictures = true
  package var hasSound = true

  private static let sampleRate = 22_050
  private static let framesPerSecond = 5
  private static let (width, height) = (16, 16)

  package init(song: TestSong, hasPictures: Bool = true, hasSound: Bool = true) {
    self.song = song
    self.hasPictures = hasPictures
    self.hasSound = hasSound
  }

  /// Writes the video, with its folders.
  package func write(to path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try data.write(to: URL(filePath: path))
  }

  private var data: Data {
    let samples = song.samples
    let frameCount = Int(song.seconds * Double(Self.framesPerSecond))
    var streams: [Data] = []
    if hasPictures { streams.append(pictureStream(frameCount: frameCount)) }
    if hasSound { streams.append(soundStream(sampleCount: samples.count)) }
    let header = words(
      1_000_000 / Self.framesPerSecond, 0, 0, 0, frameCount, 0, streams.count, 0, Self.width, Self.height, 0, 0, 0, 0)
    let movie = Self.list("movi", body(samples: samples, frameCount: frameCount))
    let headers = Self.list("hdrl", Self.chunk("avih", header) + streams.joined())
    return Self.chunk("RIFF", Data("AVI ".utf8) + headers + movie)
  }

  /// Pictures and sound by turns.
  private func body(samples: [Float], frameCount: Int) -> Data {
    var body = Data()
    let samplesPerFrame = Self.sampleRate / Self.framesPerSecond
    for frame in 0..<frameCount {
      if hasPictures { body += Self.chunk("00db", Data(count: Self.width * Self.height * 3)) }
      guard hasSound else { continue }
      let part = samples[
        min(samples.count, frame * samplesPerFrame)..<min(samples.count, (frame + 1) * samplesPerFrame)]
      let bytes = part.flatMap { sample in
        withUnsafeBytes(of: Int16(sample * 32_767).littleEndian, Array.init)
      }
      body += Self.chunk(hasPictures ? "01wb" : "00wb", Data(bytes))
    }
    return body
  }

  private func pictureStream(frameCount: Int) -> Data {
    let size = Self.width * Self.height * 3
    let header = Data("vids".utf8) + words(0, 0, 0, 0, 1, Self.framesPerSecond, 0, frameCount, size, -1, 0, 0, 0)
    let format = words(40, Self.width, Self.height, 1 | 24 << 16, 0, size, 0, 0, 0, 0)
    return Self.list("strl", Self.chunk("strh", header) + Self.chunk("strf", format))
  }

  private func soundStream(sampleCount: Int) -> Data {
    let header = Data("auds".utf8) + words(0, 0, 0, 0, 2, 2 * Self.sampleRate, 0, sampleCount, 0, -1, 2, 0, 0)
    // One channel of 16-bit PCM.
    let format = words(1 | 1 << 16, Self.sampleRate, 2 * Self.sampleRate, 2 | 16 << 16)
    return Self.list("strl", Self.chunk("strh", header) + Self.chunk("strf", format))
  }

  private static func list(_ name: String, _ content: Data) -> Data { chunk("LIST", Data(name.utf8) + content) }

  private static func chunk(_ name: String, _ content: Data) -> Data {
    let size = withUnsafeBytes(of: UInt32(content.count).littleEndian) { Data($0) }
    return Data(name.utf8) + size + content + Data(count: content.count % 2)
  }
}

/// 32-bit numbers, little-endian.
private func words(_ values: Int...) -> Data {
  values.reduce(into: Data()) { data, value in
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).littleEndian) { data.append(contentsOf: $0) }
  }
}
