import CFFmpeg
import Foundation

/// A local regular file, opened for FFmpeg to read.
///
/// FFmpeg never sees the path: it reads through the two callbacks below, so that no file name can make it open a URL,
/// the entries of a playlist or a device.
final class FileSource {
  private let descriptor: Int32
  /// FFmpeg's handle; its `opaque` is this object, which therefore must outlive it.
  private(set) var io: UnsafeMutablePointer<AVIOContext>?
  /// The `errno` of the last failed read; 0 if none failed.
  private(set) var readError: Int32 = 0
  /// Whether the content asked to open other files, as playlists do.
  var namedOthers = false

  private static let bufferSize = 1 << 16

  /// Opens a file.
  init(path: String) throws(AudioDecodingError) {
    descriptor = try Self.open(path)
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
  /// act on it, and opening a pipe may wait forever.
  private static func open(_ path: String) throws(AudioDecodingError) -> Int32 {
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
    return descriptor
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

  private func read(into buffer: UnsafeMutablePointer<UInt8>, _ size: Int) -> Int32 {
    while true {
      #if canImport(Darwin)
        let count = Darwin.read(descriptor, buffer, size)
      #else
        let count = Glibc.read(descriptor, buffer, size)
      #endif
      if count > 0 { return Int32(count) }
      if count == 0 { return akin_averror_eof }
      guard errno == EINTR else {
        readError = errno
        return akin_averror(errno)
      }
    }
  }

  /// The size in bytes that a WAV file's header states for its samples; nil if it states none, or one of the large
  /// numbers that programs write while they do not know it yet.
  var statedWAVDataSize: Int? {
    var header = [UInt8](repeating: 0, count: 8)
    var offset = 12
    for _ in 0..<64 {
      guard pread(descriptor, &header, 8, off_t(offset)) == 8 else { return nil }
      let size = header[4...].reversed().reduce(0) { $0 << 8 | Int($1) }
      if header.starts(with: "data".utf8) { return size > 0 && size < 0x7FFF_0000 ? size : nil }
      offset += 8 + size + size % 2
    }
    return nil
  }

  /// The bytes from an offset on, wherever FFmpeg reads; fewer at the end or after a failure.
  func bytes(at offset: Int, count: Int) -> [UInt8] {
    guard offset >= 0, count > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
        guard got > 0 else { return }
        filled += got
      }
    }
  }

  private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
    if whence & AVSEEK_SIZE != 0 {
      var status = stat()
      return fstat(descriptor, &status) == 0 ? Int64(status.st_size) : Int64(akin_averror(errno))
    }
    let position = lseek(descriptor, off_t(offset), whence & ~AVSEEK_FORCE)
    return position >= 0 ? Int64(position) : Int64(akin_averror(errno))
  }
}
