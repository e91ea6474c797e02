extension AudioTags {
  /// All texts that do not declare their code page.
  package var undeclaredTexts: [String] {
    let texts: [(UndeclaredText, [String])] = [
      (.title, [title].compactMap(\.self)), (.artists, artists), (.album, [album].compactMap(\.self)),
      (.albumArtists, albumArtists), (.genres, genres), (.composers, composers),
    ]
    return texts.filter { undeclared.contains($0.0) }.flatMap(\.1)
  }

  /// The tags with those texts that do not declare their code page read in this one; a text that does not fit it stays.
  package func decoded(by charset: LegacyCharset) -> AudioTags {
    func decoded(_ text: String) -> String { charset.decoded(text) ?? text }
    var tags = self
    if undeclared.contains(.title) { tags.title = title.map(decoded) }
    if undeclared.contains(.artists) { tags.artists = artists.map(decoded) }
    if undeclared.contains(.album) { tags.album = album.map(decoded) }
    if undeclared.contains(.albumArtists) { tags.albumArtists = albumArtists.map(decoded) }
    if undeclared.contains(.genres) { tags.genres = genres.map(decoded) }
    if undeclared.contains(.composers) { tags.composers = composers.map(decoded) }
    return tags
  }
}

extension LegacyCharset {
  /// What the undeclared texts of an album's songs are written in; nil if there is no strong evidence.
  package static func detect(inAlbum songs: some Sequence<AudioTags>) -> LegacyCharset? {
    detect(in: songs.flatMap(\.undeclaredTexts))
  }
}
