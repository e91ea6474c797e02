import AudioFeatures
import Catalogue

/// Tells which tracks of a catalogue are copies of one recording, by what an ``Indexer`` has found.
public struct DuplicateFinder: Sendable {
  private let catalogue: Catalogue

  /// A finder in a catalogue.
  public init(catalogue: Catalogue) { self.catalogue = catalogue }

  /// All recordings that occur more than once, in the order of the paths of their first copies; the copies of each in
  /// the order of `Duplicate.sorted`.
  public func duplicates() throws(CatalogueError) -> [Duplicate] {
    let groups = try catalogue.recordings()
    let ids = groups.flatMap { $0 }
    let tracks = try catalogue.tracks(ids: ids)
    let files = try catalogue.fingerprints(of: ids)
    let parts = Set(tracks.values.lazy.filter { $0.source.bounds != nil }.map(\.source.file))
    let durations = try catalogue.durations(ofFiles: parts)
    let duplicates = groups.map { group in
      Duplicate(
        songs: Duplicate.sorted(
          group.compactMap { id in
            tracks[id].map { track in
              Duplicate.Song(
                track: track, codec: files[id]?.codec, sampleRate: files[id]?.sampleRate,
                channelCount: files[id]?.channelCount, fileDuration: durations[track.source.file])
            }
          }))
    }
    return duplicates.filter { $0.songs.count > 1 }.sorted { $0.songs[0].track.path < $1.songs[0].track.path }
  }

  /// Tracks in their order, without those of which a copy comes before them, or is one of `already`: one look-up by key
  /// for each track, however many the catalogue holds.
  public func withoutCopies(
    _ tracks: [TrackID], after already: [TrackID] = []
  ) throws(CatalogueError) -> [TrackID] {
    let recordings = try catalogue.recordings(of: already + tracks)
    var seen = Set(already.compactMap { recordings[$0] })
    return tracks.filter { track in recordings[track].map { seen.insert($0).inserted } ?? true }
  }

  /// How many tracks cannot be told to be copies yet, since they have no fingerprint or it was not compared.
  public func unfinishedCount() throws(CatalogueError) -> Int {
    let (missing, notCompared) = try catalogue.unfinishedFingerprints(version: Fingerprint.version)
    return missing + notCompared
  }
}
