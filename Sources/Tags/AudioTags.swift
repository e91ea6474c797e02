/// What a file says about its song. Absent, empty and blank tags are nil, or not in their list.
///
/// Another tag is a property here, a line of `AudioTags+TagFields.swift` and, if the catalogue keeps it, a column in
/// `TrackColumns.swift`. Count ``readingVersion`` up then: libraries read the tags of their files again.
public struct AudioTags: Sendable, Hashable, Codable {
  /// The song's name.
  public var title: String?
  /// Who performs it, each artist apart.
  public var artists: [String]
  /// The album's name.
  public var album: String?
  /// Who made the album; on a compilation they differ from the song's artists.
  public var albumArtists: [String]
  /// The genres as tagged.
  public var genres: [String]
  /// Who wrote it.
  public var composers: [String] = []
  /// The date of release as tagged: usually a year, or a date as in ISO 8601.
  public var date: String?
  /// The date of the first release as tagged.
  public var originalDate: String?
  /// The number of the track on its disc.
  public var track: Int?
  /// The number of tracks on the disc.
  public var trackTotal: Int?
  /// The number of the disc in its set.
  public var disc: Int?
  /// The number of discs in the set.
  public var discTotal: Int?
  /// Whether the album is a compilation of several artists; nil if the file does not say.
  public var isCompilation: Bool?
  /// The international standard codes of the recording.
  public var isrcs: [String] = []
  /// MusicBrainz's identifiers.
  public var musicBrainz = MusicBrainzIdentifiers()
  /// How much louder or quieter to play it.
  public var replayGain = ReplayGain()

  /// What does not declare its code page, and was read as Latin-1.
  package var undeclared: UndeclaredText = []

  /// The version of how tags are read: tags that an earlier one read are read again.
  public static let readingVersion = 1

  /// Creates tags; every one may be left out.
  public init(
    title: String? = nil, artists: [String] = [], album: String? = nil, albumArtists: [String] = [],
    genres: [String] = [], date: String? = nil, track: Int? = nil
  ) {
    self.title = title
    self.artists = artists
    self.album = album
    self.albumArtists = albumArtists
    self.genres = genres
    self.date = date
    self.track = track
  }
}

extension AudioTags {
  /// What stands between several values if they are shown as one text.
  public static let separator = "; "

  /// The artists as one text; nil if there is none.
  public var artist: String? { Self.text(artists) }
  /// The album's artists as one text; nil if there is none.
  public var albumArtist: String? { Self.text(albumArtists) }
  /// The genres as one text; nil if there is none.
  public var genre: String? { Self.text(genres) }

  private static func text(_ values: [String]) -> String? {
    values.isEmpty ? nil : values.joined(separator: separator)
  }

  /// The year of release: the first four digits in a row of the date; nil if it has none.
  public var year: Int? { Self.year(date) }
  /// The year of the first release.
  public var originalYear: Int? { Self.year(originalDate) }
  /// The year of the first release if it is known, or else of this one.
  package var earliestYear: Int? { originalYear ?? year }

  private static func year(_ date: String?) -> Int? {
    guard let date else { return nil }
    let digits = date.split { !($0.isASCII && $0.isNumber) }
    return digits.first { $0.count == 4 || $0.count == 8 }.flatMap { Int($0.prefix(4)) }
  }
}

/// Texts of tags whose bytes may mean something else than was read.
package struct UndeclaredText: OptionSet, Sendable, Hashable, Codable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  package static let title = UndeclaredText(rawValue: 1)
  package static let artists = UndeclaredText(rawValue: 2)
  package static let album = UndeclaredText(rawValue: 4)
  package static let albumArtists = UndeclaredText(rawValue: 8)
  package static let genres = UndeclaredText(rawValue: 16)
  package static let composers = UndeclaredText(rawValue: 32)
}

/// MusicBrainz's identifiers of a song: UUIDs in lower case.
public struct MusicBrainzIdentifiers: Sendable, Hashable, Codable {
  /// The recording: the same on every release that has it.
  public var recording: String?
  /// The track of the release.
  public var track: String?
  /// The release: one edition of the album.
  public var release: String?
  /// The release group: all editions of the album.
  public var releaseGroup: String?
  /// The artists.
  public var artists: [String] = []
  /// The album's artists.
  public var albumArtists: [String] = []

  /// No identifiers.
  public init() {}
}

/// ReplayGain 2.0: what brings a song, or its album, to a loudness of -18 LUFS.
public struct ReplayGain: Sendable, Hashable, Codable {
  /// The song's gain in dB.
  public var track: Double?
  /// The song's highest absolute sample; 1 is full scale.
  public var trackPeak: Double?
  /// The album's gain in dB.
  public var album: Double?
  /// The album's highest absolute sample; 1 is full scale.
  public var albumPeak: Double?

  /// No gains.
  public init() {}
}
