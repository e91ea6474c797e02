import Catalogue
import HTTPTypes
import Hummingbird
import MusicLibrary

/// Songs to be heard, their covers, and playlists as files.
struct MediaRoutes {
  let library: ServedLibrary
  let covers: Covers
  let slots: TranscodingSlots

  func add(to api: RouterGroup<ServerContext>) {
    let library = library
    api.get("songs/:id/stream") { request, context in
      let parameters = try RequestParameters(request, known: ["format", "start", "bitrate"])
      let (track, file) = try await file(context)
      let offset = try parameters.number("start", in: 0...1e6) ?? 0
      let bitRate = try parameters.integer("bitrate", in: 32...320, otherwise: 192)
      // A part of a file is cut out of it, whatever it is.
      guard try parameters.text("format") != nil || offset > 0 || track.source.bounds != nil else {
        return try await file.response(to: request, context: context)
      }
      let format = try parameters.choice("format", otherwise: Transcoding.Format.mp3)
      return try await Transcoding(track, file: file, offset: offset, format: format, bitRate: bitRate)
        .response(to: request, context: context, slots: slots)
    }
    api.get("songs/:id/cover") { request, context in
      let parameters = try RequestParameters(request, known: ["size"])
      let size = try parameters.integer("size", in: 16...2000, otherwise: 600)
      let (track, file) = try await file(context)
      guard let picture = try await covers.picture(of: file, size: size, in: library.catalogue) else {
        throw Problem(.notFound, "\(track.displayName) has no picture")
      }
      return Response(
        status: .ok, headers: [.contentType: "image/jpeg", .cacheControl: "private, max-age=3600"],
        body: ResponseBody(byteBuffer: picture))
    }
    api.post("playlist.m3u8") { request, _ in
      let songs = try await request.json(Songs.self).songs.map(TrackID.init)
      let text = try await library.run { snapshot in
        let list = Playlist(tracks: try songs.map(snapshot.collection.song)).extendedM3U()
        guard let omitted = list.omitted.first else { return list.text }
        throw Problem(
          .conflict, "no M3U playlist can hold the path of \(omitted.displayName), which has a line break in it")
      }
      return Response(
        status: .ok,
        headers: [
          .contentType: "audio/x-mpegurl; charset=utf-8",
          .contentDisposition: "attachment; filename=\"akin.m3u8\"",
        ], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
  }

  private struct Songs: Decodable {
    let songs: [Int64]

    init(from decoder: any Decoder) throws {
      songs = try decoder.object(known: ["songs"]).decode([Int64].self, forKey: AnyKey(stringValue: "songs"))
    }
  }

  /// The song that a path names, and its file.
  private func file(_ context: some RequestContext) async throws -> (Track, ServedFile) {
    let (library, id) = (library, try BrowsingRoutes.songID(context))
    return try await library.run { snapshot in
      let track = try snapshot.collection.song(id)
      return (track, try ServedFile(of: track, in: library.catalogue))
    }
  }
}
