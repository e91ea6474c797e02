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

  /// What is stored as JSON.
  private struct Stored: Codable {
    var request: PlaylistRequest
    var fresh: Double
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

  /// The songs as they are now, with some others than last time.
  ///
  /// - Parameter time: In seconds since 1970. Each day has chances of its own.
  /// - Throws: As `Recommender.playlist`.
  public mutating func refresh(with recommender: Recommender, at time: Double) throws -> PlaylistAnswer {
    var request = request
    request.randomSeed &+= UInt64(max(0, time) / 86_400)
    // Every n-th song of the last list makes room, beginning elsewhere each day.
    let count = Int((fresh * Double(songs.count)).rounded())
    let start = songs.isEmpty ? 0 : Int(request.randomSeed % UInt64(songs.count))
    for place in 0..<count {
      request.excluded.insert(songs[(start + place * songs.count / count) % songs.count])
    }
    let answer = try recommender.playlist(request)
    songs = answer.songs.map(\.track.id)
    refreshed = time
    return answer
  }

  /// What a catalogue stores of it.
  public var stored: Catalogue.Mix {
    Catalogue.Mix(
      name: name, request: JSON.text(Stored(request: request, fresh: fresh)), file: file, songs: songs,
      refreshed: refreshed)
  }
}
