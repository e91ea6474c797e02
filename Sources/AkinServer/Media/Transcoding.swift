import Catalogue
import HTTPTypes
import Hummingbird
import Subprocess
import Synchronization

/// A song, or what of it comes after a time, as FFmpeg's program encodes it anew: for what a browser cannot play.
struct Transcoding: Sendable {
  /// What it is encoded as.
  enum Format: String, CaseIterable {
    case mp3, opus, wav

    var contentType: String {
      switch self {
      case .mp3: "audio/mpeg"
      case .opus: "audio/ogg"
      case .wav: "audio/wav"
      }
    }

    fileprivate var arguments: [String] {
      switch self {
      case .mp3: ["-c:a", "libmp3lame", "-f", "mp3"]
      case .opus: ["-c:a", "libopus", "-f", "ogg"]
      case .wav: ["-c:a", "pcm_s16le", "-f", "wav"]
      }
    }
  }

  let file: ServedFile
  /// Where it begins in the file, and how long it is, in seconds; nil for to the end.
  let start: Double
  let length: Double?
  let format: Format
  /// In kbit/s.
  let bitRate: Int

  /// - Parameter offset: How much of the song's beginning is left out, in seconds.
  init(_ track: Track, file: ServedFile, offset: Double, format: Format, bitRate: Int) {
    let bounds = track.source.bounds
    self.file = file
    start = (bounds?.start ?? 0) + offset
    length = bounds?.end.map { max(0, $0 - (bounds?.start ?? 0) - offset) }
    self.format = format
    self.bitRate = bitRate
  }

  private var arguments: [String] {
    // The file and nothing else: a playlist in the place of music opens nothing.
    var arguments = ["-v", "error", "-nostdin", "-protocol_whitelist", "file,pipe", "-ss", "\(start)"]
    if let length { arguments += ["-t", "\(length)"] }
    arguments += ["-i", "file:" + file.path, "-map", "0:a:0", "-map_metadata", "-1"]
    if format != .wav { arguments += ["-b:a", "\(bitRate)k"] }
    return arguments + format.arguments + ["pipe:1"]
  }

  /// Streams it. Only so many go on at once; a client that goes away ends its own.
  func response(to request: Request, context: ServerContext, slots: TranscodingSlots) async throws -> Response {
    try await Converter.check()
    guard let slot = slots.take() else {
      return Problem(
        .serviceUnavailable, "too many songs are being converted at once; try again in a moment", retryAfter: 5
      ).response
    }
    let arguments = arguments
    return Response(
      status: .ok, headers: [.contentType: format.contentType, .cacheControl: "no-store", .acceptRanges: "none"],
      body: ResponseBody { writer in
        defer { withExtendedLifetime(slot) {} }
        // Used by one task at a time: this one waits for the process.
        nonisolated(unsafe) var output = writer
        try await Self.whileConnected(request, context) {
          try Task.checkCancellation()
          _ = try await Subprocess.run(
            Converter.program, arguments: Arguments(arguments), input: .none, output: .sequence, error: .discarded
          ) { execution in
            for try await chunk in execution.standardOutput {
              try await output.write(ByteBuffer(bytes: chunk.withUnsafeBytes { Array($0) }))
            }
          }
        }
        try await output.finish(nil)
      })
  }
}

extension Transcoding {
  /// Ends what goes on for a client as soon as it goes away.
  private static func whileConnected(
    _ request: Request, _ context: ServerContext, _ body: () async throws -> Void
  ) async throws {
    // Without a socket nobody goes away.
    guard context.remoteAddress != nil else { return try await body() }
    try await request.body.consumeWithCancellationOnInboundClose { _ in try await body() }
  }
}

/// FFmpeg's program, which converts music and pictures.
enum Converter {
  static let program = Executable.name("ffmpeg")

  /// - Throws: `Problem` if it is missing.
  static func check() async throws {
    guard (try? await program.resolveExecutablePath(in: .inherit)) == nil else { return }
    throw Problem(
      .notImplemented, "converting music and pictures needs the program ffmpeg, which is not installed at the server")
  }
}

/// How many songs may be converted at once.
package final class TranscodingSlots: Sendable {
  private let count: Int
  private let free: Mutex<Int>

  package init(_ count: Int) {
    self.count = count
    free = Mutex(count)
  }

  /// How many are taken.
  var taken: Int { count - free.withLock { $0 } }

  /// Held for as long as a conversion goes on.
  package final class Slot: Sendable {
    fileprivate let slots: TranscodingSlots
    fileprivate init(_ slots: TranscodingSlots) { self.slots = slots }
    deinit { slots.free.withLock { $0 += 1 } }
  }

  /// A slot; nil if all are taken.
  package func take() -> Slot? {
    let isFree = free.withLock { free in
      guard free > 0 else { return false }
      free -= 1
      return true
    }
    return isFree ? Slot(self) : nil
  }
}
