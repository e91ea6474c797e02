import AudioDecoding
import Foundation
import Testing

@Suite struct Probe {
  @Test(arguments: AudioFileFormat.allCases) func probe(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.\(format.fileExtension)")
    let tags = AudioTags(title: "Tïtle", artist: "Artist", album: "Album", albumArtist: "AA", genre: "Jazz", date: "1999", track: 7)
    for (rate, channelCount) in [(44100, 2), (48000, 1), (48000, 6), (8000, 1), (96000, 2), (22050, 2)] {
      do {
        let channels = Signal.music(seconds: 3, sampleRate: rate, channelCount: channelCount)
        try AudioEncoder.write(channels, sampleRate: rate, tags: tags, to: path, format: format)
        let info = try AudioDecoder.info(ofFile: path)
        let d = try AudioDecoder.decode(file: path, sampleRate: rate)
        let mean = Signal.mean(channels)
        let lag = Signal.bestLag(d.samples, mean, reach: rate > 30000 ? 50 : 1200)
        print(format, rate, channelCount, info.codec, info.duration ?? -1, info.sampleRate, info.channelCount, d.samples.count, mean.count, lag,
          Signal.correlation(d.samples, mean), Signal.level(d.samples) / Signal.level(mean), info.tags == tags ? "tags" : "\(info.tags)")
      } catch { print(format, rate, channelCount, error) }
    }
  }
}
