import ArgumentParser
import AudioFeatures
import AudioFiles
import Catalogue
import Files
import MusicLibrary
import SongModels

struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe", abstract: "Tempo, loudness and brightness of a song, and what it shares with another one.",
    discussion: """
      Compares each song with another one (--with), or with the first that `akin similar` has for it, which is no copy: \
      their similarity, the other's rank among all other recordings of the library, and how alike the two are in timbre, spectrum and \
      rhythm. Each number is 1 for the same sound, about 0 for two songs drawn at random, and below 0 for what is less \
      alike. Timbre counts most: see --weights of `akin similar`. The models akin and descriptor tell these aspects \
      apart, and joined with a network also the character, what kind of music it is; others compare songs as a whole.

      Also prints what was measured in the 30 s around the middle: tempo, which may be twice or half of what one taps \
      (null in JSON if no beat was found), loudness (LUFS) and brightness (the mean spectral centroid). \
      What an older version indexed is measured by the next `akin index`.

      --json prints a list with an object for each song: path, title, artist, album, tempo, loudness, brightness; with \
      (the other song's path), similarity, rank, songs (how many have a rank), aspects (aspect, similarity, \
      contribution to the similarity's cosine, likeness in a word) and a summary of these in words.
      """)

  @Argument(
    help: ArgumentHelp("A file, indexed or not, or words from title and artist of one song.", valueName: "song"))
  var songs: [String]

  @Option(help: ArgumentHelp("The song to compare with, named in the same way.", valueName: "song"))
  var with: String?

  @OptionGroup var model: ModelOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    for name in songs + [with].compactMap(\.self) where name.isEmpty {
      throw ValidationError("A song has no name: give a file, or words from its title and artist.")
    }
  }

  func run() throws {
    let catalogue = try library.openRequired()
    let terminal = output.terminal
    let answering = try model.chooseAnswering(catalogue: catalogue, terminal: terminal)
    let recommender = try Recommender(catalogue: catalogue, model: answering) {
      terminal.warn($0)
    }
    let other = try with.map { try AskedSong($0, in: recommender, catalogue) }
    let descriptions = try songs.map { name in
      let song = try AskedSong(name, in: recommender, catalogue)
      guard let other = try other ?? song.nearest(in: recommender, catalogue) else { return SongDescription(song) }
      return SongDescription(song, other, try recommender.explanation(of: song.query, and: other.query))
    }
    if output.json { return StandardOutput.write(JSON.text(descriptions, pretty: true)) }
    StandardOutput.write(descriptions.map(\.text).joined(separator: "\n\n"))
  }
}

/// A song that was named, and what the library knows of it.
struct AskedSong {
  let query: Recommender.Query
  /// Nil for a file that is not in the library.
  let track: Track?
  /// The file.
  let path: String
  /// What was measured of it; nil if nothing was.
  let measures: TrackMeasures?

  init(_ name: String, in recommender: Recommender, _ catalogue: Catalogue) throws {
    query = try recommender.query(named: name)
    track = try query.id.flatMap { try catalogue.tracks(ids: [$0])[$0] }
    path = track?.path ?? AudioFileWalk.absolutePath(name)
    measures =
      if let id = query.id {
        try catalogue.measures(of: id)
      } else {
        try Self.measures(path)
      }
  }

  /// What is measured of a song that the library does not have.
  private static func measures(_ path: String) throws -> TrackMeasures? {
    try NamedSong.songs(at: path).first.map { song in
      TrackMeasures(try SoundTraitsExtractor().traits(of: song.source).traits.measures)
    }
  }

  private init(_ track: Track, in recommender: Recommender, _ catalogue: Catalogue) throws {
    query = try recommender.query(of: track)
    self.track = track
    path = track.path
    measures = try catalogue.measures(of: track.id)
  }

  /// The song of the library that `akin similar` has first; nil if there is no other.
  func nearest(in recommender: Recommender, _ catalogue: Catalogue) throws -> AskedSong? {
    try recommender.nearest(to: query).map { try AskedSong($0, in: recommender, catalogue) }
  }

  /// "Artist – Title", or the file.
  var name: String { track.map { visible($0.displayName) } ?? shownPath(path) }
}

/// What is said of a song, as a text and as JSON.
struct SongDescription: Encodable {
  private let song: AskedSong
  private let other: AskedSong?
  private let explanation: SimilarityExplanation?

  init(_ song: AskedSong, _ other: AskedSong? = nil, _ explanation: SimilarityExplanation? = nil) {
    self.song = song
    self.other = other
    self.explanation = explanation
  }

  var text: String {
    var lines = ["\(song.name)  (\(shownPath(song.path)))"] + Self.text(song.measures)
    guard let other, let explanation else {
      return (lines + ["the library holds no other song"]).joined(separator: "\n")
    }
    lines += ["with \(other.name)  (\(shownPath(other.path)))"] + Self.text(other.measures)
    let rank = "rank \(explanation.rank) of \(counted(explanation.songCount, "song"))"
    lines.append("similarity \(decimal(Double(explanation.similarity), 3)), \(rank)")
    guard let summary = explanation.summary else { return lines.joined(separator: "\n") }
    var table = Table(header: ["aspect", "similarity", ""], alignments: [.left, .right, .left])
    for aspect in explanation.aspects {
      table.add([aspect.aspect.rawValue, decimal(Double(aspect.similarity), 3), aspect.likeness.rawValue])
    }
    return (lines + [table.text, summary]).joined(separator: "\n")
  }

  /// What was measured, in a line.
  private static func text(_ measures: TrackMeasures?) -> [String] {
    guard let measures else { return ["  not measured yet: run `akin index`"] }
    let texts = [
      measures.tempo.map { "\(decimal($0, 0)) beats a minute" } ?? "no beat found",
      measures.loudness.map { "\(decimal($0, 1)) LUFS" }, measures.brightness.map { "brightness \(decimal($0, 0)) Hz" },
    ]
    return ["  " + texts.compactMap(\.self).joined(separator: ", ")]
  }

  private enum CodingKeys: CodingKey {
    case path, title, artist, album, tempo, loudness, brightness, with, similarity, rank, songs, aspects, summary
  }

  /// Writes every key, null if nothing is known.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(song.path, forKey: .path)
    try container.encode(song.track?.tags.title, forKey: .title)
    try container.encode(song.track?.tags.artist, forKey: .artist)
    try container.encode(song.track?.tags.album, forKey: .album)
    try container.encode(song.measures?.tempo, forKey: .tempo)
    try container.encode(song.measures?.loudness, forKey: .loudness)
    try container.encode(song.measures?.brightness, forKey: .brightness)
    try container.encode(other?.path, forKey: .with)
    try container.encode(explanation?.similarity, forKey: .similarity)
    try container.encode(explanation?.rank, forKey: .rank)
    try container.encode(explanation?.songCount, forKey: .songs)
    try container.encode(explanation?.aspects ?? [], forKey: .aspects)
    try container.encode(explanation?.summary, forKey: .summary)
  }
}
