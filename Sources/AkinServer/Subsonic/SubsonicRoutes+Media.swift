import Catalogue
import Foundation
import HTTPTypes
import Hummingbird

extension SubsonicRoutes {
  /// Songs to be heard, and pictures.
  static let servings: [String: Serving] = [
    "stream": { try await $0.stream($1, $2, $3) },
    "download": { try await $0.download($1, $2, $3) },
    "getCoverArt": { routes, call, _, _ in try await routes.cover(call) },
    "getAvatar": { _, call, _, _ in throw SubsonicError.missing("picture of \(try call.required("username"))") },
  ]

  /// A song as it is, or converted: if another format is asked for, a lower bit rate, or a part of it.
  private func stream(_ call: SubsonicCall, _ request: Request, _ context: ServerContext) async throws -> Response {
    let (track, file) = try await file(call)
    let offset = Double(try call.integer("timeOffset", in: 0...1_000_000, otherwise: 0))
    let most = try call.integer("maxBitRate", in: 0...Int(Int32.max), otherwise: 0)
    let suffix = (track.source.file as NSString).pathExtension.lowercased()
    let asked = try call.parameters.text("format").flatMap { $0.isEmpty ? nil : $0.lowercased() }
    let isRaw = asked == "raw"
    let format = try asked.flatMap { isRaw || $0 == suffix ? nil : try Self.format($0) }
    // Without its bit rate it is not known whether a file is small enough.
    let isSmall = isRaw || most == 0 || (track.bitRate.map { $0 <= most } ?? false)
    if format == nil, isSmall, offset == 0, track.source.bounds == nil {
      return try await file.response(to: request, context: context)
    }
    let bitRate = most == 0 || isRaw ? 192 : min(320, max(32, most))
    return try await Transcoding(
      track, file: file, offset: offset, format: format ?? Transcoding.Format(rawValue: suffix) ?? .mp3,
      bitRate: bitRate
    ).response(to: request, context: context, slots: slots)
  }

  private static func format(_ name: String) throws -> Transcoding.Format {
    if let format = Transcoding.Format(rawValue: name == "ogg" || name == "oga" ? "opus" : name) { return format }
    let known = ["raw"] + Transcoding.Format.allCases.map(\.rawValue)
    throw Problem.parameter("format", "“\(name)” is none of \(known.joined(separator: ", "))")
  }

  /// The file as it is. A song that is a part of one is cut out of it, without loss.
  private func download(_ call: SubsonicCall, _ request: Request, _ context: ServerContext) async throws -> Response {
    let (track, file) = try await file(call)
    guard track.source.bounds != nil else {
      return try await file.response(to: request, context: context)
    }
    return try await Transcoding(track, file: file, offset: 0, format: .wav, bitRate: 0)
      .response(to: request, context: context, slots: slots)
  }

  /// The picture of a song, or of the first song of an album, artist or playlist that has one.
  private func cover(_ call: SubsonicCall) async throws -> Response {
    let id = try call.required("id")
    let size = max(16, try call.integer("size", in: 1...2000, otherwise: 600))
    let files = try await library.run { snapshot in
      let rows: [Int]
      if case .playlist? = SubsonicID(id) {
        rows = try Self.playlist(id, self, call).songs.compactMap(snapshot.collection.row)
      } else {
        rows = try self.items(call, snapshot).rows(id)
      }
      // Songs of one album mostly have one picture: of many it takes too long to look at all.
      return rows.prefix(5).compactMap { row in
        try? ServedFile(of: snapshot.collection.tracks[row], in: self.library.catalogue)
      }
    }
    for file in files {
      guard let picture = try await covers.picture(of: file, size: size, in: library.catalogue) else { continue }
      return Response(
        status: .ok, headers: [.contentType: "image/jpeg", .cacheControl: "private, max-age=3600"],
        body: ResponseBody(byteBuffer: picture))
    }
    throw SubsonicError.missing("picture of \(id)")
  }

  private func file(_ call: SubsonicCall) async throws -> (Track, ServedFile) {
    let (library, id) = (library, try call.required("id"))
    return try await library.run { snapshot in
      guard case .song(let number)? = SubsonicID(id), let track = snapshot.collection.track(number) else {
        throw SubsonicError.missing("song \(id)")
      }
      return (track, try ServedFile(of: track, in: library.catalogue))
    }
  }
}
