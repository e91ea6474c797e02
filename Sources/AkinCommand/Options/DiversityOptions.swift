import ArgumentParser
import MusicLibrary

extension Diversity {
  /// What holds for playlists if nothing else is asked for.
  static let ofPlaylists = Diversity(perArtist: 3, artistInARow: 1)
}

/// How songs may repeat what came before.
struct DiversityOptions: ParsableArguments {
  @Option(help: ArgumentHelp("At most so many songs of an artist; 0 for any number.", valueName: "number"))
  var perArtist: Int?

  @Option(help: ArgumentHelp("At most so many songs of an album; 0 for any number.", valueName: "number"))
  var perAlbum: Int?

  @Option(help: ArgumentHelp("At most so many songs of an artist in a row; 0 for any number.", valueName: "number"))
  var inARow: Int?

  @Option(
    help: ArgumentHelp(
      "Nearness against variety: 0 for the nearest songs, towards 1 for songs unlike each other.", valueName: "share"))
  var variety: Float = 0

  @Option(help: ArgumentHelp("How much chance has a say: 0 for none, 1 for much.", valueName: "share"))
  var surprise: Float = 0

  @Option(help: ArgumentHelp("The same seed of chance, the same list.", valueName: "number"))
  var randomSeed: UInt64 = 0

  func validate() throws {
    for (name, limit) in [("--per-artist", perArtist), ("--per-album", perAlbum), ("--in-a-row", inARow)] {
      if let limit, limit < 0 { throw ValidationError("\(name) must be 0 or more.") }
    }
    for (name, share) in [("--variety", variety), ("--surprise", surprise)] where !(0...1).contains(share) {
      throw ValidationError("\(name) must lie between 0 and 1.")
    }
  }

  /// The options that were given.
  var given: [String] {
    let options = [
      ("--per-artist", perArtist != nil), ("--per-album", perAlbum != nil), ("--in-a-row", inARow != nil),
      ("--variety", variety > 0), ("--surprise", surprise > 0),
    ]
    return options.filter(\.1).map(\.0)
  }

  /// What the options say.
  ///
  /// - Parameter standard: What holds where they say nothing; its limits give way if songs run out.
  func diversity(otherwise standard: Diversity = Diversity()) -> Diversity {
    func limit(_ value: Int?, _ standard: Int?) -> Int? { value.map { $0 == 0 ? nil : $0 } ?? standard }
    let isAsked = [perArtist, perAlbum, inARow].contains { $0 != nil }
    let base = isAsked ? Diversity() : standard
    return Diversity(
      perArtist: limit(perArtist, base.perArtist), perAlbum: limit(perAlbum, base.perAlbum),
      artistInARow: limit(inARow, base.artistInARow), isSoft: !isAsked, variety: variety, surprise: surprise)
  }
}
