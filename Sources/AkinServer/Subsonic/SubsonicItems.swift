import Catalogue
import Foundation
import MusicLibrary
import Tags

/// Songs, albums and artists as answers have them, with what a user said of them.
struct SubsonicItems {
  let collection: Collection
  let marks: Catalogue.Marks
  private let roots: [String]

  init(_ call: SubsonicCall, _ snapshot: ServedLibrary.Snapshot, _ library: ServedLibrary) throws {
    collection = snapshot.collection
    let catalogue = library.catalogue
    marks = try library.remembered("marks of \(call.owner)", snapshot) { try catalogue.marks(of: call.owner) }
    roots = try library.remembered("roots", snapshot) { try catalogue.roots() }
  }

  // MARK: - Looking up

  /// The song of an identifier.
  func song(_ id: String) throws -> Track {
    guard case .song(let number)? = SubsonicID(id), let track = collection.track(number) else {
      throw SubsonicError.missing("song \(id)")
    }
    return track
  }

  func album(_ id: String) throws -> Collection.Album {
    guard let album = collection.album(id) else { throw SubsonicError.missing("album \(id)") }
    return album
  }

  func artist(_ id: String) throws -> Collection.Artist {
    guard let artist = collection.artist(id) else { throw SubsonicError.missing("artist \(id)") }
    return artist
  }

  /// The rows of the songs of an album, an artist, or of a song alone.
  func rows(_ id: String) throws -> [Int] {
    switch SubsonicID(id) {
    case .song(let number)?: if let row = collection.row(number) { return [row] }
    case .album?: return try album(id).tracks
    case .artist?: return try rows(of: artist(id))
    case .playlist?, nil: break
    }
    throw SubsonicError.missing("song, album or artist \(id)")
  }

  /// The songs of an artist, or else those of its albums.
  func rows(of artist: Collection.Artist) -> [Int] {
    artist.tracks.isEmpty ? artist.albums.flatMap { collection.albums[$0].tracks } : artist.tracks
  }

  // MARK: - Songs

  func songs(_ rows: some Sequence<Int>) -> SubsonicValue { .list(rows.map { song(collection.tracks[$0]) }) }

  func songs(_ ids: [TrackID]) -> SubsonicValue { .list(ids.compactMap { collection.track($0).map(song) }) }

  func song(_ track: Track) -> SubsonicObject {
    let tags = track.tags
    let row = collection.row(track.id)
    let album = row.flatMap { collection.albumOfTrack[$0] }.map { collection.albums[$0].id }
    let artists = row.map { collection.artistsOfTrack[$0].map { collection.artists[$0].id } } ?? []
    let id = SubsonicID.text(track.id)
    var object = SubsonicObject([
      "id": .text(id), "parent": (album ?? artists.first).map { .text($0) }, "isDir": false,
      "title": .text(tags.title ?? track.fileName), "album": tags.album.map { .text($0) },
      "artist": tags.artist.map { .text($0) }, "track": Self.count(tags.track), "year": Self.year(of: tags),
      "genre": tags.genres.first.map { .text($0) },
      // Players keep a picture for each name that they see: one for an album is enough.
      "coverArt": .text(album ?? id),
    ])
    addFile(of: track, to: &object)
    object["discNumber"] = Self.count(tags.disc)
    object["created"] = .time(Double(track.modificationTime) / 1e9)
    object["albumId"] = album.map { .text($0) }
    object["artistId"] = artists.first.map { .text($0) }
    object["type"] = "music"
    object["mediaType"] = "song"
    addMarks(of: track.id, to: &object)
    addCredits(of: tags, artists: artists, to: &object)
    return object
  }

  private func addFile(of track: Track, to object: inout SubsonicObject) {
    let file = track.source.file
    // A part of a file has no size of its own.
    if track.source.bounds == nil {
      object["size"] = .integer(Int(track.fileSize))
      object["bitRate"] = track.bitRate.map { .integer($0) }
    }
    object["contentType"] = .text(MediaType.ofFile(file))
    object["suffix"] = .text(MediaType.ending(of: file))
    object["duration"] = track.duration.map { .integer(Int($0.rounded())) }
    let root = roots.filter { track.path.hasPrefix($0 + "/") }.max { $0.count < $1.count }
    object["path"] = .text(root.map { String(track.path.dropFirst($0.count + 1)) } ?? track.path)
    object["isVideo"] = false
  }

  private func addMarks(of id: TrackID, to object: inout SubsonicObject) {
    object["userRating"] = marks.ratings[id].map { .integer(max(1, Int($0.rounded()))) }
    object["starred"] = marks.starredSongs[id].map { .time($0) }
    object["playCount"] = marks.plays[id].map { .integer($0.count) }
    object["played"] = marks.plays[id].map { .time($0.last) }
  }

  private func addCredits(of tags: AudioTags, artists: [String], to object: inout SubsonicObject) {
    object["musicBrainzId"] = tags.musicBrainz.recording.map { .text($0) }
    object["isrc"] = tags.isrcs.isEmpty ? nil : .texts(tags.isrcs)
    object["genres"] = .list(tags.genres.map { SubsonicObject(["name": .text($0)]) })
    object["artists"] = .list(zip(artists, tags.artists).map(Self.named))
    object["displayArtist"] = tags.artist.map { .text($0) }
    object["albumArtists"] = .list(tags.albumArtists.map { Self.named(id: Collection.artistID($0), name: $0) })
    object["displayAlbumArtist"] = tags.albumArtist.map { .text($0) }
    object["displayComposer"] = tags.composers.isEmpty ? nil : .text(tags.composers.joined(separator: "; "))
    let gain = tags.replayGain
    let values = [gain.track, gain.album, gain.trackPeak, gain.albumPeak].map { value in
      value.flatMap { $0.isFinite ? SubsonicValue.number($0) : nil }
    }
    guard values.contains(where: { $0 != nil }) else { return }
    object["replayGain"] = .object(
      SubsonicObject([
        "trackGain": values[0], "albumGain": values[1], "trackPeak": values[2], "albumPeak": values[3],
      ]))
  }

  private static func named(id: String, name: String) -> SubsonicObject {
    SubsonicObject(["id": .text(id), "name": .text(name)])
  }

  /// A number that players have room for; others are damage in a tag.
  private static func count(_ number: Int?) -> SubsonicValue? {
    number.flatMap { Int32(exactly: $0) }.map { .integer(Int($0)) }
  }

  private static func year(of tags: AudioTags) -> SubsonicValue? { count(tags.earliestYear) }

  // MARK: - Albums

  func album(_ album: Collection.Album) -> SubsonicObject {
    let tags = collection.tracks[album.tracks[0]].tags
    var object = SubsonicObject([
      "id": .text(album.id), "name": .text(album.name), "artist": artist(of: album),
      "artistId": album.artistRow.map { .text(collection.artists[$0].id) }, "coverArt": .text(album.id),
      "songCount": .integer(album.tracks.count), "duration": .integer(Int(album.duration.rounded())),
      "created": .time(album.modified), "year": Self.count(album.year), "genre": album.genres.first.map { .text($0) },
      "genres": .list(album.genres.map { SubsonicObject(["name": .text($0)]) }),
      "artists": .list(
        album.artistRow.map {
          [SubsonicObject(["id": .text(collection.artists[$0].id), "name": .text(collection.artists[$0].name)])]
        } ?? []),
      "displayArtist": artist(of: album), "musicBrainzId": tags.musicBrainz.release.map { .text($0) },
      "isCompilation": tags.isCompilation.map { .flag($0) },
    ])
    addMarks(of: album, to: &object)
    return object
  }

  /// An album as a folder of its songs.
  func folder(_ album: Collection.Album) -> SubsonicObject {
    var object = SubsonicObject([
      "id": .text(album.id), "parent": album.artistRow.map { .text(collection.artists[$0].id) }, "isDir": true,
      "title": .text(album.name), "album": .text(album.name), "artist": artist(of: album),
      "artistId": album.artistRow.map { .text(collection.artists[$0].id) }, "year": Self.count(album.year),
      "genre": album.genres.first.map { .text($0) }, "coverArt": .text(album.id),
      "duration": .integer(Int(album.duration.rounded())), "created": .time(album.modified), "mediaType": "album",
    ])
    addMarks(of: album, to: &object)
    return object
  }

  private func artist(of album: Collection.Album) -> SubsonicValue? {
    if let artist = album.artist { return .text(artist) }
    return album.tracks.count > 1 ? "Various Artists" : nil
  }

  private func addMarks(of album: Collection.Album, to object: inout SubsonicObject) {
    let plays = plays(of: album)
    object["starred"] = marks.starredGroups[album.id].map { .time($0) }
    object["userRating"] = Self.count(marks.groupRatings[album.id])
    if plays.count > 0 { (object["playCount"], object["played"]) = (.integer(plays.count), .time(plays.last)) }
  }

  /// How often songs of an album were played, and when the last of them was.
  func plays(of album: Collection.Album) -> (count: Int, last: Double) {
    album.tracks.lazy.compactMap { marks.plays[collection.tracks[$0].id] }
      .reduce((0, 0)) { ($0.0 + $1.count, max($0.1, $1.last)) }
  }

  // MARK: - Artists

  func artist(_ artist: Collection.Artist) -> SubsonicObject {
    SubsonicObject([
      "id": .text(artist.id), "name": .text(artist.name), "coverArt": .text(artist.id),
      "albumCount": .integer(artist.albums.count), "starred": marks.starredGroups[artist.id].map { .time($0) },
      "userRating": Self.count(marks.groupRatings[artist.id]),
    ])
  }

  /// Artists by the letters that they begin with.
  var artistsByLetter: [(letter: String, artists: [Collection.Artist])] {
    var groups: [(letter: String, artists: [Collection.Artist])] = []
    var places: [String: Int] = [:]
    for artist in collection.artists {
      let first = SearchText.fold(artist.name).first.map { String($0).uppercased() } ?? "#"
      let letter = first.first?.isLetter == true ? first : "#"
      if places[letter] == nil {
        places[letter] = groups.count
        groups.append((letter, []))
      }
      groups[places[letter]!].artists.append(artist)
    }
    return groups
  }
}

extension Track {
  /// In kbit/s: the file's size by its length, pictures and tags included.
  var bitRate: Int? {
    guard let duration, duration > 0 else { return nil }
    let rate = Double(fileSize) * 8 / duration / 1000
    return rate < 1e6 ? max(1, Int(rate.rounded())) : nil
  }
}
