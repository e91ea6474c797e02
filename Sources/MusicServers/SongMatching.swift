import Catalogue
import Foundation
import MusicLibrary

/// Which song of this library each song of another server is.
///
/// A path tells most: servers see the same files below other folders, so that the ends of two paths are compared. Without
/// paths, or if they are invented, tags tell: title and artist have to be the same, and album, disc, track and duration
/// choose among several. Each song of the library is one song of the server at most.
public struct SongMatching: Sendable {
  /// What told which song it is.
  public enum Means: String, Sendable, CaseIterable { case path, tags }

  /// The songs that were found, by the server's names for them.
  public private(set) var songs: [String: TrackID] = [:]
  /// The artists of these songs: the server's names for them, and theirs.
  public private(set) var artists: [String: String] = [:]
  /// How many were found by what.
  public private(set) var counts: [Means: Int] = [:]
  /// Those of the server that are not in the library.
  public private(set) var missing: [ServerSong] = []

  /// By how much durations differ at most, in seconds: servers round them, and estimate some.
  private static let tolerance = 3.0

  /// Matches the songs of a server with those of a library.
  public init(of server: [ServerSong], with tracks: [Track]) {
    var taken: Set<TrackID> = []
    var rest: [ServerSong] = []
    let paths = PathEnds(tracks)
    for song in server {
      guard let track = paths.track(of: song, by: Self.mayBe), taken.insert(track.id).inserted else {
        rest.append(song)
        continue
      }
      songs[song.id] = track.id
      counts[.path, default: 0] += 1
    }
    let tags = TagIndex(tracks)
    // Those that fit best choose first.
    let candidates = rest.map { song in (song, tags.candidates(of: song).filter { Self.mayBe(song, $0.track) }) }
    let pairs = candidates.enumerated().flatMap { index, candidate in
      candidate.1.map { (index: index, track: $0.track, fit: $0.fit) }
    }
    var isFound = Array(repeating: false, count: rest.count)
    let ordered = pairs.sorted { one, other in
      (other.fit, one.index, one.track.id.rawValue) < (one.fit, other.index, other.track.id.rawValue)
    }
    for pair in ordered where !isFound[pair.index] && taken.insert(pair.track.id).inserted {
      isFound[pair.index] = true
      songs[rest[pair.index].id] = pair.track.id
      counts[.tags, default: 0] += 1
    }
    missing = rest.indices.filter { !isFound[$0] }.map { rest[$0] }
    for song in server where songs[song.id] != nil {
      for artist in song.artists { if let id = artist.id { artists[id] = artist.name } }
    }
  }

  /// Whether the durations allow that two songs are one.
  private static func mayBe(_ song: ServerSong, _ track: Track) -> Bool {
    guard let one = song.duration, let other = track.duration, one > 0 else { return true }
    return abs(one - other) <= tolerance
  }
}

/// Songs by the ends of their paths.
private struct PathEnds {
  /// By the last component, with all of them: "01.mp3" is the name of many, and compared with as many.
  private let tracks: [String: [(track: Track, parts: [String])]]

  /// How many last components of two paths have to be the same, if the one is not all of the other's end: a file's name and
  /// its folder's. Since others may have these, too, the titles have to be the same then.
  private static let least = 2

  init(_ tracks: [Track]) {
    self.tracks = tracks.reduce(into: [:]) { known, track in
      let parts = Self.parts(track.path)
      known[parts.last ?? "", default: []].append((track, parts))
    }
  }

  private static func parts(_ path: String) -> [String] {
    // Windows writes them with backslashes; Unicode has two spellings of accents.
    path.replacing("\\", with: "/").precomposedStringWithCanonicalMapping.split(separator: "/").map(String.init)
  }

  /// The one song whose path has the longest end in common; nil if there is none, or several.
  func track(of song: ServerSong, by mayBe: (ServerSong, Track) -> Bool) -> Track? {
    guard let path = song.path else { return nil }
    let parts = Self.parts(path)
    let ends = (tracks[parts.last ?? ""] ?? []).filter { mayBe(song, $0.track) }.map { known in
      (track: known.track, common: zip(parts.reversed(), known.parts.reversed()).prefix { $0 == $1 }.count)
    }
    guard let longest = ends.map(\.common).max(), longest >= min(Self.least, parts.count) else { return nil }
    let best = ends.filter { $0.common == longest }
    guard best.count == 1, longest == parts.count || Self.haveOneTitle(song, best[0].track) else { return nil }
    return best[0].track
  }

  private static func haveOneTitle(_ song: ServerSong, _ track: Track) -> Bool {
    guard let title = track.tags.title else { return true }
    return NameKey.key(of: title) == NameKey.key(of: song.title)
  }
}

/// Songs by what is written in them.
private struct TagIndex {
  private let tracks: [String: [Track]]

  init(_ tracks: [Track]) {
    self.tracks = tracks.reduce(into: [:]) { $0[Self.key($1.tags.title ?? $1.fileName), default: []].append($1) }
  }

  /// A file's name stands in the place of a title that is missing: with its ending, or without.
  private static func key(_ title: String) -> String {
    let ending = (title as NSString).pathExtension
    let isName = (2...4).contains(ending.count) && ending.allSatisfy { $0.isLetter || $0.isNumber }
    return NameKey.key(of: isName ? (title as NSString).deletingPathExtension : title)
  }

  /// Songs of its title and artist, and how well they fit.
  func candidates(of song: ServerSong) -> [(track: Track, fit: Int)] {
    (tracks[Self.key(song.title)] ?? []).compactMap { track in
      let tags = track.tags
      let known = (tags.artists + tags.albumArtists + [tags.artist, tags.albumArtist].compactMap(\.self)).map(
        NameKey.key)
      let told = (song.artists.map(\.name) + [song.albumArtist].compactMap(\.self)).map(NameKey.key)
      guard known.isEmpty || told.isEmpty || !Set(known).isDisjoint(with: told) else { return nil }
      func fit<Value: Equatable>(_ one: Value?, _ other: Value?, _ weight: Int) -> Int {
        one == nil || other == nil ? 0 : one == other ? weight : -weight
      }
      var sum = fit(tags.album.map(NameKey.key), song.album.map(NameKey.key), 8)
      sum += fit(tags.track, song.track, 4) + fit(tags.disc, song.disc, 2)
      if let one = track.duration, let other = song.duration, abs(one - other) <= 1 { sum += 1 }
      return (track, sum)
    }
  }
}
