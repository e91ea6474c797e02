import Catalogue
import Files
import Foundation

/// A playlist that is saved and written anew from time to time, some of it fresh each time.
public struct SavedMix: Sendable, Hashable {
  /// What the listener calls it.
  public var name: String
  /// What is asked for.
  public var request: PlaylistRequest
  /// The share of songs that make room for others, in 0...1.
  public var fresh: Double
  /// The absolute path of the playlist.
  public var file: String
  /// When it was last written, in seconds since 1970.
  public private(set) var refreshed: Double?
  private var songs: [TrackID] = []
  /// Songs that made room and have not come again, the longest ago first.
  private var resting: [TrackID] = []

  /// A song that made room rests until so many others have, counted in lists: so the songs near the seeds take turns,
  /// and those far away have none.
  private static let restInLists = 4

  /// What is stored as JSON.
  private struct Stored: Codable {
    var request: PlaylistRequest
    var fresh: Double
    /// Nil if an earlier version stored it.
    var resting: [TrackID]?
  }

  /// A mix that was never written.
  public init(name: String, request: PlaylistRequest, fresh: Double, file: String) {
    self.name = name
    self.request = request
    self.fresh = fresh
    self.file = file
  }

  /// A mix that a catalogue stores.
  ///
  /// - Throws: `FileError` if it was changed to what nobody can ask for, or a newer version stored it.
  public init(_ mix: Catalogue.Mix, library: String) throws(FileError) {
    do {
      let stored = try JSONDecoder().decode(Stored.self, from: Data(mix.request.utf8))
      self.init(name: mix.name, request: stored.request, fresh: stored.fresh, file: mix.file)
      resting = stored.resting ?? []
    } catch {
      throw FileError(
        path: library, reason: "the mix “\(mix.name)” cannot be read by this version", remedy: "Save it anew.")
    }
    let fault = (0...1).contains(fresh) ? request.fault : "it renews \(fresh) of its songs, and not 0 to 1"
    if let fault {
      throw FileError(
        path: library, reason: "the mix “\(mix.name)” is damaged: \(fault)", remedy: "Save it anew, or remove it.")
    }
    songs = mix.songs
    refreshed = mix.refreshed
  }

  /// The songs as they are now, with some others in the place of some of the last list, which then rest.
  ///
  /// - Parameter time: In seconds since 1970. Each day has chances of its own.
  /// - Throws: As `Recommender.playlist`.
  public mutating func refresh(with recommender: Recommender, at time: Double) throws -> PlaylistAnswer {
    var request = request
    request.randomSeed &+= UInt64(max(0, time) / 86_400)
    request.excluded.formUnion(leaving(from: request.randomSeed))
    let answer = try fullest(request, with: recommender)
    let now = Set(answer.songs.map(\.track.id))
    let rest = (resting + songs).filter { !now.contains($0) }
    resting = Array(rest.suffix(Self.restInLists * max(songs.count, now.count)))
    songs = answer.songs.map(\.track.id)
    refreshed = time
    return answer
  }

  /// Every n-th song of the last list makes room, beginning elsewhere each day.
  private func leaving(from number: UInt64) -> [TrackID] {
    let count = Int((fresh * Double(songs.count)).rounded())
    let start = songs.isEmpty ? 0 : Int(number % UInt64(songs.count))
    return (0..<count).map { songs[(start + $0 * songs.count / count) % songs.count] }
  }

  /// The list without those that rest; if it were too short, those that have rested longest may come again.
  private func fullest(_ request: PlaylistRequest, with recommender: Recommender) throws -> PlaylistAnswer {
    var resting = resting[...]
    while true {
      var rested = request
      rested.excluded.formUnion(resting)
      let answer = try recommender.playlist(rested)
      if resting.isEmpty || !isShort(answer) { return answer }
      resting = resting.dropFirst(resting.count / 4 + 1)
    }
  }

  private func isShort(_ answer: PlaylistAnswer) -> Bool {
    switch request.length {
    case .songs(let count): answer.songs.count < count
    case .minutes(let minutes): answer.seconds < 0.9 * minutes * 60
    }
  }

  /// What a catalogue stores of it.
  public var stored: Catalogue.Mix {
    let stored = Stored(request: request, fresh: fresh, resting: resting)
    return Catalogue.Mix(name: name, request: JSON.text(stored), file: file, songs: songs, refreshed: refreshed)
  }
}
