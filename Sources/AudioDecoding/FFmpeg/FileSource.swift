import CFFmpeg
import Foundation

/// A local regular file, or a part of one, opened for FFmpeg to read.
///
/// FFmpeg never sees the path: it reads through the two callbacks below, so that no file name can make it open a URL,
/// the entries of a playlist or a device.
final class FileSource {
  /// Bytes that are read in the place of the file's own.
  struct Patch {
    var offset: Int
    var bytes: [UInt8]
  }

  private let descriptor: Int32
  /// The part of the file that is read; all offsets count from its beginning.
  private let range: Range<Int>
  private var position = 0
  /// Where FFmpeg should read something else than what the file says, in the order of the file.
  var patches: [Patch] = []
  /// FFmpeg's handle; its `opaque` is this object, which therefore must outlive it.
  private(set) var io: UnsafeMutablePointer<AVIOContext>?
  /// The `errno` of the last failed read; 0 if none failed.
  private(set) var readError: Int32 = 0
  /// Whether the content asked to open other files, as playlists do.
  var namedOthers = false

  private static let bufferSize = 1 << 16

  /// Opens a file, or only a range of its bytes.
  init(path: String, range: Range<Int>? = nil) throws(AudioDecodingError) {
    let size: Int
    (descriptor, size) = try Self.open(path)
    self.range = range.map { $0.clamped(to: 0..<size) } ?? 0..<size
    guard let buffer = av_malloc(Self.bufferSize) else { throw AudioDecodingError(path: path, errno: ENOMEM) }
    io = avio_alloc_context(
      buffer.assumingMemoryBound(to: UInt8.self), Int32(Self.bufferSize), 0,
      Unmanaged.passUnretained(self).toOpaque(),
      { opaque, buffer, size in
        Unmanaged<FileSource>.fromOpaque(opaque!).takeUnretainedValue().read(into: buffer!, Int(size))
      },
      nil,
      { opaque, offset, whence in
        Unmanaged<FileSource>.fromOpaque(opaque!).takeUnretainedValue().seek(offset, whence)
      })
    guard io != nil else {
      av_free(buffer)
      throw AudioDecodingError(path: path, errno: ENOMEM)
    }
  }

  deinit {
    if let io {
      // FFmpeg may have replaced the buffer.
      av_free(io.pointee.buffer)
      avio_context_free(&self.io)
    }
    close(descriptor)
  }

  /// Opens a regular file that is not empty, and refuses everything else before opening it: merely opening a device may
  /// act on it, and opening a pipe may wait forever. Also returns its size.
  private static func open(_ path: String) throws(AudioDecodingError) -> (descriptor: Int32, size: Int) {
    // A C string would end at the zero and name another file.
    guard !path.utf8.contains(0) else { throw AudioDecodingError(path: path, errno: ENOENT) }
    var status = stat()
    guard stat(path, &status) == 0 else { throw AudioDecodingError(path: path, errno: errno) }
    try check(status, path)
    let descriptor = openForReading(path)
    guard descriptor >= 0 else { throw AudioDecodingError(path: path, errno: errno) }
    do throws(AudioDecodingError) {
      guard fstat(descriptor, &status) == 0 else { throw AudioDecodingError(path: path, errno: errno) }
      try check(status, path)
    } catch {
      close(descriptor)
      throw error
    }
    return (descriptor, Int(status.st_size))
  }

  private static func openForReading(_ path: String) -> Int32 {
    #if canImport(Darwin)
      Darwin.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    #else
      Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    #endif
  }

  private static func check(_ status: stat, _ path: String) throws(AudioDecodingError) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw AudioDecodingError(path: path, kind: .directory, reason: "it is a folder, not an audio file")
    default: throw AudioDecodingError(path: path, kind: .notRegularFile, reason: "it is a pipe, a socket or a device")
    }
    guard status.st_size > 0 else {
      throw AudioDecodingError(path: path, kind: .empty, reason: "the file has no bytes")
    }
  }

  /// How many bytes there are.
  var byteCount: Int { range.count }

  /// Up to `count` of the file's own bytes, for those who look at them without FFmpeg; fewer at the end, or if they
  /// cannot be read.
  func bytes(at offset: Int, count: Int) -> [UInt8] {
    let room = max(0, min(count, byteCount - max(0, offset)))
    guard offset >= 0, room > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, room, off_t(range.lowerBound + offset)))
    }
  }

  private func read(into buffer: UnsafeMutablePointer<UInt8>, _ size: Int) -> Int32 {
    let room = min(size, byteCount - position)
    guard room > 0 else { return akin_averror_eof }
    while true {
      let count = pread(descriptor, buffer, room, off_t(range.lowerBound + position))
      if count > 0 {
        applyPatches(to: buffer, count)
        position += count
        return Int32(count)
      }
      if count == 0 { return akin_averror_eof }
      guard errno == EINTR else {
        readError = errno
        return akin_averror(errno)
      }
    }
  }

  /// Writes what is patched over `count` bytes from the position on.
  private func applyPatches(to buffer: UnsafeMutablePointer<UInt8>, _ count: Int) {
    guard !patches.isEmpty else { return }
    // The last patch that begins at or before the position may reach beyond it.
    var (low, high) = (0, patches.count)
    while low < high {
      let middle = (low + high) / 2
      if patches[middle].offset + patches[middle].bytes.count <= position { low = middle + 1 } else { high = middle }
    }
    for patch in patches[low...] {
      guard patch.offset < position + count else { return }
      apply(patch, to: buffer, count)
    }
  }

  private func apply(_ patch: Patch, to buffer: UnsafeMutablePointer<UInt8>, _ count: Int) {
    let here = (patch.offset..<patch.offset + patch.bytes.count).clamped(to: position..<position + count)
    for place in here { buffer[place - position] = patch.bytes[place - patch.offset] }
  }

  private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
    if whence & AVSEEK_SIZE != 0 { return Int64(byteCount) }
    let base =
      switch whence & ~AVSEEK_FORCE {
      case SEEK_SET: 0
      case SEEK_CUR: position
      default: byteCount
      }
    let (target, overflow) = Int64(base).addingReportingOverflow(offset)
    guard !overflow, target >= 0 else { return Int64(akin_averror(EINVAL)) }
    position = Int(target)
    return target
  }
}
