/// The songs of a CUE sheet that an audio file holds itself: as a text in its tags, or as FLAC has it.
package enum EmbeddedCueSheet {
  /// The songs, two or more; empty if the file has no sheet, or is one song by it.
  ///
  /// The text goes before FLAC's block, which has no titles; for these, `CUE_TRACK01_TITLE` and the like in the tags are
  /// taken.
  /// - Parameters:
  ///   - fields: the file's tags.
  ///   - name: the file's name.
  ///   - flacBlock: the CUESHEET block; nil if there is none.
  ///   - sampleRate: of the file, in Hz.
  /// - Throws: `CueSheetError` if there is a sheet that cannot be used.
  package static func songs(
    in fields: TagFields, name: String, flacBlock: [UInt8]?, sampleRate: Int
  ) throws(CueSheetError) -> [CueSheet.Song] {
    let songs: [CueSheet.Song]
    if let text = fields.value("CUESHEET") {
      songs = try CueSheet(text: text, isDeclared: !fields.isUndeclared("CUESHEET")).songs(embeddedIn: name)
    } else if let flacBlock, sampleRate > 0 {
      var sheet = try CueSheet(flacBlock: flacBlock, sampleRate: sampleRate)
      for place in sheet.tracks.indices { addNames(from: fields, to: &sheet.tracks[place]) }
      songs = try sheet.songs(inFile: 0)
    } else {
      return []
    }
    return songs.count > 1 ? songs : []
  }

  private static func addNames(from fields: TagFields, to track: inout CueSheet.Track) {
    let key = "CUETRACK" + (track.number < 10 ? "0" : "") + "\(track.number)"
    track.fields["TITLE"] = fields.value(key + "TITLE")
    track.fields["PERFORMER"] = fields.value(key + "ARTIST", key + "PERFORMER")
  }
}
