import Catalogue
import Foundation
import HTTPTypes
import Hummingbird
import Subprocess
import Synchronization

/// The pictures of songs: the one in the file, or else one that lies in its folder. FFmpeg's program makes them as small as
/// they are asked for; what it made is remembered.
final class Covers: Sendable {
  private struct Key: Hashable {
    let path: String
    let modified: Int64
    let size: Int
  }

  /// Those that were asked for last, the oldest first; nil for a file without a picture.
  private let known = Mutex<(pictures: [Key: ByteBuffer?], order: [Key], bytes: Int)>(([:], [], 0))
  private let slots = TranscodingSlots(4)
  private static let mostBytes = 64 << 20
  private static let largestPicture = 4 << 20
  /// Larger pictures, in pixels, are bombs: they are not decoded.
  private static let mostPixels = 50_000_000
  /// How long one may take, and how long one waits for its turn.
  private static let patience = Duration.seconds(15)

  private static let names = ["cover", "folder", "front", "album"]
  private static let endings: Set = ["jpg", "jpeg", "png", "webp"]

  /// The picture of a file of music as JPEG, at most `size` pixels wide; nil if there is none.
  func picture(of file: ServedFile, size: Int, in catalogue: Catalogue) async throws -> ByteBuffer? {
    let key = Key(path: file.path, modified: file.modified, size: size)
    if let known = known.withLock({ $0.pictures[key] }) { return known }
    let deadline = ContinuousClock.now + Self.patience
    var slot = slots.take()
    while slot == nil {
      guard ContinuousClock.now < deadline else {
        throw Problem(.serviceUnavailable, "too many pictures are asked for at once", retryAfter: 5)
      }
      try await Task.sleep(for: .milliseconds(20))
      slot = slots.take()
    }
    defer { withExtendedLifetime(slot) {} }
    var picture = try await Self.picture(in: file.path, size: size)
    if picture == nil, let other = Self.pictureFile(beside: file.path),
      let served = try? ServedFile(path: other, in: catalogue)
    {
      picture = try await Self.picture(in: served.path, size: size)
    }
    remember(picture, as: key)
    return picture
  }

  private func remember(_ picture: ByteBuffer?, as key: Key) {
    known.withLock { known in
      guard known.pictures.updateValue(picture, forKey: key) == nil else { return }
      known.order.append(key)
      known.bytes += 200 + (picture?.readableBytes ?? 0)
      while known.bytes > Self.mostBytes, let oldest = known.order.first {
        known.order.removeFirst()
        if let gone = known.pictures.removeValue(forKey: oldest) { known.bytes -= 200 + (gone?.readableBytes ?? 0) }
      }
    }
  }

  private static func pictureFile(beside path: String) -> String? {
    let folder = (path as NSString).deletingLastPathComponent
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let pictures = files.filter { endings.contains(($0 as NSString).pathExtension.lowercased()) }
    for name in names {
      if let file = pictures.first(where: { ($0 as NSString).deletingPathExtension.lowercased() == name }) {
        return folder + "/" + file
      }
    }
    return nil
  }

  private static func picture(in path: String, size: Int) async throws -> ByteBuffer? {
    let arguments = [
      "-v", "error", "-nostdin", "-protocol_whitelist", "file,pipe", "-max_pixels", "\(mostPixels)", "-i",
      "file:" + path, "-an", "-map", "0:v:0",
      "-frames:v", "1", "-vf", "scale='min(\(size),iw)':-2", "-q:v", "3", "-f", "mjpeg", "pipe:1",
    ]
    try await Converter.check()
    let bytes = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      group.addTask {
        try await Subprocess.run(
          Converter.program, arguments: Arguments(arguments), input: .none, output: .bytes(limit: largestPicture),
          error: .discarded
        ).standardOutput
      }
      group.addTask {
        try await Task.sleep(for: patience)
        return []
      }
      // Whichever is first; the other is ended.
      defer { group.cancelAll() }
      return try await group.next() ?? []
    }
    return bytes.isEmpty ? nil : ByteBuffer(bytes: bytes)
  }
}
