import Catalogue
import Files
import Foundation
import HTTPTypes
import Hummingbird

/// A file of music that may be served: it lies, whatever links say, in a folder that was indexed.
struct ServedFile: Sendable {
  let path: String
  let size: Int
  /// In nanoseconds since 1970.
  let modified: Int64

  /// The file of a song.
  ///
  /// - Throws: `Problem` if it is gone, is no file, or lies elsewhere.
  init(of track: Track, in catalogue: Catalogue) throws {
    try self.init(path: track.source.file, in: catalogue)
  }

  init(path: String, in catalogue: Catalogue) throws {
    guard let real = Self.realPath(path) else {
      throw Problem(.notFound, "\(path) is not there any more: run `akin index`")
    }
    let roots = try catalogue.roots().compactMap(Self.realPath)
    guard roots.contains(where: { real == $0 || real.hasPrefix($0 == "/" ? $0 : $0 + "/") }) else {
      throw Problem(.forbidden, "\(path) leads out of the folders that were indexed, and is not served")
    }
    guard let status = FileStatus(real), status.isRegular else { throw Problem(.notFound, "\(path) is no file") }
    self.path = real
    size = Int(status.size)
    modified = status.modified
  }

  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Changes with the file.
  var tag: String { "\"\(String(modified, radix: 36))-\(String(size, radix: 36))\"" }

  /// The file, or the part of it that is asked for.
  func response(to request: Request, context: some RequestContext) async throws -> Response {
    var headers: HTTPFields = [
      .contentType: MediaType.ofFile(path), .acceptRanges: "bytes", .eTag: tag, .cacheControl: "private, no-cache",
    ]
    if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
    let isSame = request.headers[.ifRange].map { $0 == tag } ?? true
    switch isSame ? ByteRange(request.headers[.range], of: size) : .whole {
    case .whole:
      return Response(
        status: .ok, headers: headers,
        body: size == 0 ? ResponseBody() : Self.whole(try await FileIO().loadFile(path: path, context: context)))
    case .part(let range):
      headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(size)"
      return Response(
        status: .partialContent, headers: headers,
        body: Self.whole(try await FileIO().loadFile(path: path, range: range, context: context)))
    case .outside:
      headers[.contentRange] = "bytes */\(size)"
      headers[.contentType] = nil
      return Response(status: .rangeNotSatisfiable, headers: headers)
    }
  }
}

extension ServedFile {
  /// A body that breaks off the connection if it turns out to be shorter than was said: of a file that shrinks meanwhile a
  /// player would wait for the rest.
  private static func whole(_ body: ResponseBody) -> ResponseBody {
    guard let length = body.contentLength else { return body }
    return ResponseBody(contentLength: length) { writer in
      try await body.write(CountingWriter(writer: writer, missing: length))
    }
  }

  private struct CountingWriter: ResponseBodyWriter {
    var writer: any ResponseBodyWriter
    var missing: Int

    mutating func write(_ buffer: ByteBuffer) async throws {
      missing -= buffer.readableBytes
      try await writer.write(buffer)
    }

    consuming func finish(_ trailers: HTTPFields?) async throws {
      guard missing <= 0 else { throw Problem(.gone, "the file became shorter while it was sent") }
      try await writer.finish(trailers)
    }
  }
}

/// What a header `Range` asks for (RFC 9110): one range of bytes. What is malformed, or several ranges, mean the whole.
package enum ByteRange: Sendable, Equatable {
  case whole
  case part(ClosedRange<Int>)
  case outside

  package init(_ header: String?, of size: Int) {
    self = .whole
    guard let header, header.hasPrefix("bytes="), !header.contains(",") else { return }
    let ends = header.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    guard ends.count == 2, ends.allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) } }) else { return }
    switch (Int(ends[0]), Int(ends[1])) {
    case (nil, let last?) where ends[0].isEmpty:
      self = last == 0 || size == 0 ? .outside : .part(max(0, size - last)...(size - 1))
    case (let first?, nil) where ends[1].isEmpty:
      self = first < size ? .part(first...(size - 1)) : .outside
    case (let first?, let last?):
      guard first <= last else { return }
      self = first < size ? .part(first...min(last, size - 1)) : .outside
    default: break
    }
  }
}
