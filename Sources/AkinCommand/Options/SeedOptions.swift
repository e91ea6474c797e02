import ArgumentParser
import AudioFeatures
import MusicLibrary

/// What recommendations should sound like, and what not.
struct SeedOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      """
      What it should sound like: a file (indexed or not), a folder, a playlist (M3U, PLS, XSPF); or exactly the name of \
      an artist, an album, a title or a genre; or words from the title and artist of one song. The first that fits \
      counts. “artist:NAME”, “album:NAME”, “song:NAME”, “genre:NAME” insist.
      """, valueName: "seed"))
  var seeds: [String] = []

  @Option(help: ArgumentHelp("One more seed, as above.", valueName: "seed"))
  var like: [String] = []

  @Option(help: ArgumentHelp("An artist as a seed.", valueName: "name"))
  var artist: [String] = []

  @Option(help: ArgumentHelp("An album as a seed.", valueName: "name"))
  var album: [String] = []

  @Option(help: ArgumentHelp("A song as a seed: a file, its title, or words from title and artist.", valueName: "name"))
  var song: [String] = []

  @Option(help: ArgumentHelp("What it should not sound like: a seed, as above.", valueName: "seed"))
  var unlike: [String] = []

  @Option(
    help: ArgumentHelp(
      "How much each seed counts, in the order of seeds, --like, --artist, --album, --song, such as 2,1.",
      valueName: "numbers"))
  var seedWeights: String?

  @Option(
    help: ArgumentHelp(
      """
      How much each aspect of the sound counts: timbre, spectrum, rhythm, and of a model that is joined with a network \
      also character, what kind of music it is. What is not named counts as always, which is \
      timbre=1,spectrum=0.08,rhythm=0.04 and for character 1.12 times the network's weight over the descriptor's. Other \
      weights have a scale of their own, so that numbers compare only within one choice. Models akin and descriptor, \
      alone or joined.
      """, valueName: "timbre=1,rhythm=0.5"))
  var weights: String?

  @Flag(help: "Let songs of the seeds themselves be recommended, too.")
  var withSeeds = false

  func validate() throws {
    for name in seeds + like + artist + album + song + unlike where name.isEmpty {
      throw ValidationError("A seed has no name: give a file, an artist, an album, a title or a genre.")
    }
    _ = try numbers()
    _ = try soundWeights()
  }

  /// The seeds, the forced ones last.
  func named() throws -> [Seed.Name] {
    var names = (seeds + like).map { Seed.Name($0) }
    names += artist.map { Seed.Name($0, kind: .artist) } + album.map { Seed.Name($0, kind: .album) }
    names += song.map { Seed.Name($0, kind: .song) }
    for (index, weight) in try numbers().enumerated() { names[index].weight = weight }
    return names
  }

  var unlikeNamed: [Seed.Name] { unlike.map { Seed.Name($0) } }

  /// What `--weights` says; nil if it is not given.
  func soundWeights() throws -> SoundWeights? {
    guard let weights else { return nil }
    var values: [SoundAspect: Float] = [:]
    for text in weights.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, let aspect = SoundAspect(rawValue: parts[0]), let value = Float(parts[1]) else {
        throw ValidationError(
          "“\(text)” in --weights is no aspect with a number: write timbre=1,spectrum=0.5,rhythm=0.5.")
      }
      guard values.updateValue(value, forKey: aspect) == nil else {
        throw ValidationError("--weights names \(aspect.rawValue) twice.")
      }
    }
    guard let weights = SoundWeights(values) else {
      throw ValidationError("The numbers of --weights lie between 0 and 1000, and not all of them are 0.")
    }
    return weights
  }

  private func numbers() throws -> [Double] {
    guard let seedWeights else { return [] }
    let count = seeds.count + like.count + artist.count + album.count + song.count
    let weights = try seedWeights.split(separator: ",", omittingEmptySubsequences: false).map { text in
      guard let weight = Double(text), (1e-6...1e6).contains(weight) else {
        throw ValidationError("“\(text)” in --seed-weights is no number from 0.000001 to 1000000.")
      }
      return weight
    }
    guard weights.count == count else {
      throw ValidationError("--seed-weights has \(counted(weights.count, "number")) for \(counted(count, "seed")).")
    }
    return weights
  }
}
