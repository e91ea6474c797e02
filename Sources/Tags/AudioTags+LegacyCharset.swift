extension AudioTags {
  /// All texts that a listener reads.
  package var texts: [String] {
    [title, album].compactMap(\.self) + artists + albumArtists + genres + composers
  }

  /// The tags with those texts that were read as Latin-1 read in a code page; a text that does not fit it stays.
  package func decoded(by charset: LegacyCharset) -> AudioTags {
    func decoded(_ text: String) -> String { charset.decoded(text) ?? text }
    var tags = self
    (tags.title, tags.album) = (title.map(decoded), album.map(decoded))
    (tags.artists, tags.albumArtists) = (artists.map(decoded), albumArtists.map(decoded))
    (tags.genres, tags.composers) = (genres.map(decoded), composers.map(decoded))
    return tags
  }
}
