import ArgumentParser
import Catalogue
import Files
import MusicLibrary
import SongModels

struct SimilarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "similar",
    abstract: "The songs that sound most like a song, an artist, an album, a genre or a playlist.",
    discussion: """
      The similarity is 1 for the same sound, about 0 for two songs drawn at random, and below 0 for songs that are \
      less alike than those; it means the same for every model. The models akin and descriptor correct it for hubs: \
      what is unusual for both songs counts for more. Several seeds count together; no recording comes twice.

      \(PlaylistFileOptions.discussion)
      """)

  @OptionGroup var seeds: SeedOptions

  @Option(name: [.customShort("n", allowingJoined: true), .long], help: "How many songs.")
  var count = 10

  @Flag(help: "Artists in the place of songs: how alike all of their songs are.")
  var artists = false
  @Flag(help: "Albums in the place of songs.")
  var albums = false

  @Flag(help: ReasonHelp.text)
  var why = false

  @OptionGroup(title: "Filters") var filters: FilterOptions
  @OptionGroup(title: "Diversity") var diversity: DiversityOptions
  @OptionGroup var file: PlaylistFileOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if try seeds.named().isEmpty {
      throw ValidationError("Name a file, an artist, an album, or words from the title and artist of an indexed song.")
    }
    if artists && albums { throw ValidationError("Give either --artists or --albums.") }
    if artists || albums, let option = optionsOfSongs().first {
      throw ValidationError("\(option) is about songs, not --artists or --albums.")
    }
    if count < 1 { throw ValidationError("--count must be at least 1") }
    if output.json && file.printsPlaylist { throw ValidationError("Print either --json or --m3u -.") }
  }

  /// The options given that say nothing of artists or albums.
  private func optionsOfSongs() -> [String] {
    let options = [
      ("--unlike", !seeds.unlike.isEmpty), ("--seed-weights", seeds.seedWeights != nil),
      ("--with-seeds", seeds.withSeeds), ("--m3u", file.m3u != nil), ("--xspf", file.xspf != nil), ("--why", why),
    ]
    return options.filter(\.1).map(\.0) + diversity.given
  }

  func run() throws {
    let question = try PlaylistQuestion(model: model, library: library, output: output, file: file)
    if artists || albums {
      return try question.showGroups(
        artists ? .artist : .album, like: seeds.named(), count: count, filters, seeds.soundWeights())
    }
    let request = PlaylistRequest(
      like: try seeds.named(), unlike: seeds.unlikeNamed, length: .songs(count), filter: try filters.filter(),
      weights: try seeds.soundWeights(),
      leastSimilarity: filters.atLeast, diversity: diversity.diversity(), includesSeeds: seeds.withSeeds,
      randomSeed: diversity.randomSeed)
    try question.show(try question.recommender.playlist(request), emptiness: filters.emptiness, why: why)
  }
}
