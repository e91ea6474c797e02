/// A CUE sheet: where the songs of an album begin in its files, and what they are called.
///
/// Written for burning discs (CDRWIN's manual, appendix A), it has become what rips of whole discs are cut by. What does not
/// matter for that is passed over: gaps that a burner would add (PREGAP, POSTGAP), flags, the disc's number.
package struct CueSheet: Sendable, Hashable {
  /// A track of the disc: a song, or data.
  package struct Track: Sendable, Hashable {
    /// Its number on the disc.
    package var number: Int
    /// Whether it is music, and not data.
    package var isAudio = true
    /// In which of `files` it begins.
    package var file = 0
    /// Where its music begins in the file (INDEX 01), in seconds.
    package var start = 0.0
    /// Where the gap before it begins (INDEX 00), if it is in the same file; in seconds.
    var gapStart: Double?
    /// What is said of it, by the names of commands.
    var fields: [String: String] = [:]
  }

  /// The names of the files as the sheet has them, each once.
  package var files: [String] = []
  /// All tracks, in the order of the sheet.
  package var tracks: [Track] = []
  /// What is said of the disc, by the names of commands.
  var fields: [String: String] = [:]
  /// Whether it is known what its bytes mean; if not, they were read as Windows-1252.
  package var isDeclared = true

  /// The most bytes that are read of a sheet: of a hundred tracks a thousandth of that is usual.
  package static let mostBytes = 1 << 20
  /// The most tracks; a disc has 99.
  static let mostTracks = 999
}

extension CueSheet {
  /// All names and titles, which may show what its bytes mean.
  package var texts: [String] { files + fields.values + tracks.flatMap(\.fields.values) }
}

// MARK: - Songs

extension CueSheet {
  /// A song that a sheet finds in a file.
  package struct Song: Sendable, Hashable {
    /// Its place among all songs of the sheet, from 1 on, data left out: MPD's number for it.
    package var ordinal: Int
    /// Where it lies in its file.
    package var bounds: SongBounds
    /// What the sheet says of it, by the names of tags: each name before its value.
    var texts: [String]
    /// Whether it is known what the bytes of these texts mean.
    var isDeclared: Bool
    /// A digest of what the sheet says of it: another one if that has changed.
    package var digest: Int64

    /// What the sheet says of it, read as tags; made when it is asked for, since most indexings do not.
    package var tags: AudioTags {
      var fields = TagFields()
      for place in stride(from: 0, to: texts.count, by: 2) {
        fields.add(texts[place + 1], to: texts[place], kind: "CUE", isDeclared: isDeclared)
      }
      return AudioTags(fields, genreName: { _ in nil })
    }
  }

  /// The songs in one of `files`: each from its INDEX 01 to that of the next track, so that a gap belongs to the song before
  /// it, as players have it. Data ends a song where its own gap begins.
  ///
  /// - Throws: `CueSheetError` if a track does not begin after the one before it.
  package func songs(inFile file: Int) throws(CueSheetError) -> [Song] {
    let audio = tracks.indices.filter { tracks[$0].isAudio }
    let ordinals = Dictionary(uniqueKeysWithValues: audio.enumerated().map { ($0.element, $0.offset + 1) })
    let total = tracks.lazy.filter(\.isAudio).map(\.number).max()
    let places = tracks.indices.filter { tracks[$0].file == file }
    for (place, next) in zip(places, places.dropFirst()) where tracks[next].start <= tracks[place].start {
      throw CueSheetError("its track \(tracks[next].number) does not begin after track \(tracks[place].number)")
    }
    return places.enumerated().compactMap { index, place in
      guard let ordinal = ordinals[place] else { return nil }
      let next = index + 1 < places.count ? tracks[places[index + 1]] : nil
      let end = next.map { $0.isAudio ? $0.start : max($0.gapStart ?? $0.start, tracks[place].start.nextUp) }
      return song(tracks[place], ordinal: ordinal, total: total, end: end)
    }
  }

  /// The songs of a sheet that a file itself holds: all of them if the sheet names one file, under whatever name; or else
  /// those of the file of that name, but for its ending.
  package func songs(embeddedIn name: String) throws(CueSheetError) -> [Song] {
    guard files.count > 1 else { return try songs(inFile: 0) }
    let stem = CueFileName.stem(of: name)
    guard let file = files.firstIndex(where: { CueFileName.stem(of: CueFileName.last(of: $0)) == stem }) else {
      return []
    }
    return try songs(inFile: file)
  }

  /// Checks that the last of the songs in a file begins before the file ends.
  ///
  /// - Parameters:
  ///   - song: what errors call the song.
  ///   - start: where it begins, in seconds.
  ///   - duration: how long the file lasts, in seconds; nil if that is not known.
  package static func check(
    last song: @autoclosure () -> String, beginningAt start: Double, inFileOf duration: Double?
  ) throws(CueSheetError) {
    guard let duration, start >= duration else { return }
    func clock(_ seconds: Double) -> String {
      // A damaged sheet may say anything.
      let (minutes, rest) = Int(min(seconds, 1e9)).quotientAndRemainder(dividingBy: 60)
      return "\(minutes):\(rest < 10 ? "0" : "")\(rest)"
    }
    throw CueSheetError("its \(song()) begins at \(clock(start)), but the file ends after \(clock(duration))")
  }

  private func song(_ track: Track, ordinal: Int, total: Int?, end: Double?) -> Song {
    let texts = tagTexts(of: track, total: total)
    return Song(
      ordinal: ordinal, bounds: SongBounds(start: track.start, end: end), texts: texts, isDeclared: isDeclared,
      digest: Self.digest(of: ["\(AudioTags.readingVersion)"] + texts))
  }

  /// What is said of a track, by the names of tags: each name before its value.
  private func tagTexts(of track: Track, total: Int?) -> [String] {
    var texts: [String] = []
    func add(_ name: String, _ value: String?) {
      if let value { texts += [name, value] }
    }
    func either(_ names: String...) -> String? {
      names.lazy.compactMap { track.fields[$0] }.first ?? names.lazy.compactMap { fields[$0] }.first
    }
    add("TITLE", track.fields["TITLE"])
    add("ARTIST", either("PERFORMER"))
    add("ALBUM", fields["TITLE"])
    add("ALBUMARTIST", fields["PERFORMER"])
    add("COMPOSER", either("COMPOSER", "SONGWRITER"))
    add("ISRC", track.fields["ISRC"])
    add("TRACKNUMBER", "\(track.number)")
    add("TRACKTOTAL", total.map { "\($0)" })
    for name in ["REPLAYGAIN_TRACK_GAIN", "REPLAYGAIN_TRACK_PEAK"] { add(name, track.fields[name]) }
    for name in Self.discRemarks { add(name, either(name)) }
    return texts
  }

  /// Remarks on the disc, which a track may have of its own.
  static let discRemarks = [
    "GENRE", "DATE", "YEAR", "ORIGINALDATE", "DISCNUMBER", "DISCTOTAL", "TOTALDISCS", "COMPILATION",
    "REPLAYGAIN_ALBUM_GAIN", "REPLAYGAIN_ALBUM_PEAK",
  ]

  /// FNV-1a over texts.
  private static func digest(of texts: [String]) -> Int64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for text in texts {
      for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      hash = (hash ^ 0xFF) &* 0x100_0000_01B3
    }
    return Int64(bitPattern: hash)
  }
}

extension AudioTags {
  /// What a sheet says of a song, and beside it what the tags of its file say of the whole album: not the file's title,
  /// number, code or gain, which are not the song's.
  package func filled(fromAlbum file: AudioTags) -> AudioTags {
    var tags = self
    func fill<Value>(_ tag: WritableKeyPath<AudioTags, Value>, _ isEmpty: Bool, _ text: UndeclaredText = []) {
      guard isEmpty else { return }
      tags[keyPath: tag] = file[keyPath: tag]
      tags.undeclared.formUnion(file.undeclared.intersection(text))
    }
    fill(\.musicBrainz.artists, artists.isEmpty)
    fill(\.artists, artists.isEmpty, .artists)
    fill(\.album, album == nil, .album)
    fill(\.albumArtists, albumArtists.isEmpty, .albumArtists)
    fill(\.genres, genres.isEmpty, .genres)
    fill(\.composers, composers.isEmpty, .composers)
    fill(\.date, date == nil)
    fill(\.originalDate, originalDate == nil)
    fill(\.disc, disc == nil)
    fill(\.discTotal, discTotal == nil)
    fill(\.isCompilation, isCompilation == nil)
    fill(\.musicBrainz.release, true)
    fill(\.musicBrainz.releaseGroup, true)
    fill(\.musicBrainz.albumArtists, true)
    fill(\.replayGain.album, replayGain.album == nil)
    fill(\.replayGain.albumPeak, replayGain.albumPeak == nil)
    return tags
  }
}
