import AudioFeatures
import AudioFiles
import Catalogue
import Foundation

/// What a playlist should be.
public struct PlaylistRequest: Sendable, Hashable, Codable {
  /// How long.
  public enum Length: Sendable, Hashable, Codable {
    case songs(Int)
    case minutes(Double)
  }

  /// What it should sound like.
  public var like: [Seed.Name]
  /// What it should not sound like.
  public var unlike: [Seed.Name]
  /// The stations of a path, at least two; without any, the nearest songs come first.
  public var stations: [Seed.Name]
  /// How long it is.
  public var length: Length
  /// Which songs may be in it; the library's block list comes on top.
  public var filter: TrackFilter
  /// How much each aspect of the sound counts; nil as the model has it.
  public var weights: SoundWeights?
  /// Songs that may not be in it.
  public var excluded: Set<TrackID>
  /// Songs that come before it, such as those of a playlist that is extended: limits count them, and none of them comes
  /// again.
  public var before: [TrackID]
  /// The least similarity; nil for any.
  public var leastSimilarity: Float?
  /// How songs may repeat what came before.
  public var diversity: Diversity
  /// Whether songs of the seeds may be in it.
  public var includesSeeds: Bool
  /// The same seed, the same list.
  public var randomSeed: UInt64

  /// A request.
  public init(
    like: [Seed.Name] = [], unlike: [Seed.Name] = [], stations: [Seed.Name] = [], length: Length = .songs(20),
    filter: TrackFilter = TrackFilter(), weights: SoundWeights? = nil, excluded: Set<TrackID> = [],
    before: [TrackID] = [],
    leastSimilarity: Float? = nil, diversity: Diversity = Diversity(), includesSeeds: Bool = false,
    randomSeed: UInt64 = 0
  ) {
    self.like = like
    self.unlike = unlike
    self.stations = stations
    self.length = length
    self.filter = filter
    self.weights = weights
    self.excluded = excluded
    self.before = before
    self.leastSimilarity = leastSimilarity
    self.diversity = diversity
    self.includesSeeds = includesSeeds
    self.randomSeed = randomSeed
  }
}

extension PlaylistRequest {
  /// What of it nobody can ask for; nil if all is well. A stored request may have been changed.
  var fault: String? {
    func outside(_ range: ClosedRange<Double>, _ what: String, _ value: Double?) -> String? {
      value.flatMap { range.contains($0) ? nil : "\(what) is \($0), and does not lie in \(range)" }
    }
    let (songs, minutes): (Int?, Double?) =
      switch length {
      case .songs(let count): (count, nil)
      case .minutes(let minutes): (nil, minutes)
      }
    let counts = 1...1e9
    let faults = [
      outside(counts, "its number of songs", songs.map(Double.init)), outside(0...1e6, "its minutes", minutes),
      outside(counts, "how many songs of an artist it may have", diversity.perArtist.map(Double.init)),
      outside(counts, "how many songs of an album it may have", diversity.perAlbum.map(Double.init)),
      outside(counts, "how many songs of an artist may come in a row", diversity.artistInARow.map(Double.init)),
      outside(0...1e9, "the distance between songs of an artist", diversity.artistGap.map(Double.init)),
      outside(0...1, "its variety", Double(diversity.variety)),
      outside(0...1, "its surprise", Double(diversity.surprise)),
      outside(-1...1, "its least similarity", leastSimilarity.map(Double.init)),
    ]
    let weights = (like + unlike + stations).map { outside(1e-6...1e6, "the weight of “\($0.text)”", $0.weight) }
    let aspects = SoundAspect.allCases.map { aspect in
      outside(0...1000, "the weight of \(aspect.rawValue)", self.weights?[aspect].map { Double($0) })
    }
    return (faults + weights + aspects).compactMap(\.self).first
  }

  /// The same with absolute paths in the place of names of files that exist, so that it means the same in any folder.
  public var withAbsolutePaths: PlaylistRequest {
    func absolute(_ names: [Seed.Name]) -> [Seed.Name] {
      names.map { name in
        var name = name
        let path = AudioFileWalk.lexicalPath(name.text)
        let file = SheetSong.parts(of: path)?.sheet ?? path
        if FileManager.default.fileExists(atPath: file) { name.text = path }
        return name
      }
    }
    var request = self
    (request.like, request.unlike, request.stations) = (absolute(like), absolute(unlike), absolute(stations))
    return request
  }
}

/// How songs of a playlist may repeat what came before.
public struct Diversity: Sendable, Hashable, Codable {
  /// At most how many songs of an artist; nil for any number. A song of two artists counts for both.
  public var perArtist: Int?
  /// At most how many songs of an album; nil for any number.
  public var perAlbum: Int?
  /// At most how many songs of an artist in a row; nil for any number.
  public var artistInARow: Int?
  /// At least how many songs lie between two of an artist; nil for none.
  public var artistGap: Int?
  /// Whether the limits give way if there are too few songs otherwise.
  public var isSoft: Bool
  /// Nearness against variety, in 0...1: by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998) the next
  /// song has the largest
  ///
  ///     (1 - variety) · similarity to the seeds - variety · largest similarity to a song chosen before
  public var variety: Float
  /// How much chance has a say, in 0...1: each song's similarity is changed by a random number (Gumbel's
  /// distribution), so that songs far down the list have their turn.
  public var surprise: Float

  /// Without limits, the nearest songs.
  public init(
    perArtist: Int? = nil, perAlbum: Int? = nil, artistInARow: Int? = nil, artistGap: Int? = nil, isSoft: Bool = false,
    variety: Float = 0, surprise: Float = 0
  ) {
    self.perArtist = perArtist
    self.perAlbum = perAlbum
    self.artistInARow = artistInARow
    self.artistGap = artistGap
    self.isSoft = isSoft
    self.variety = variety
    self.surprise = surprise
  }
}
