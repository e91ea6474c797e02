import CServerPage
import Foundation
import Hummingbird

/// The files of the web page, which are inside the program.
enum PageFiles {
  /// A file of the page.
  struct File: Sendable {
    let name: String
    let bytes: ByteBuffer
    /// Another for other content.
    let tag: String

    var contentType: String {
      switch (name as NSString).pathExtension {
      case "html": "text/html; charset=utf-8"
      case "js": "text/javascript; charset=utf-8"
      case "css": "text/css; charset=utf-8"
      case "json": "application/json"
      case "svg": "image/svg+xml"
      case "webmanifest": "application/manifest+json"
      default: "application/octet-stream"
      }
    }
  }

  static let all: [File] = (0..<akin_page_file_count()).map { index in
    let file = akin_page_file_at(index).pointee
    let bytes = ByteBuffer(bytes: UnsafeBufferPointer(start: file.bytes, count: file.count))
    return File(
      name: String(cString: file.name), bytes: bytes,
      tag: "\"\(ShortDigest.text(of: String(buffer: bytes)))\"")
  }

  static func addRoutes(to router: RouterGroup<ServerContext>, basePath: String) {
    for file in all {
      let answer: @Sendable (Request, ServerContext) -> Response = { request, _ in
        let headers: HTTPFields = [.contentType: file.contentType, .eTag: file.tag, .cacheControl: "no-cache"]
        if request.headers[.ifNoneMatch] == file.tag { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.bytes))
      }
      router.get(RouterPath(file.name == "openapi.json" ? "api/v1/openapi.json" : file.name), use: answer)
      if file.name == "index.html" {
        router.get("") { request, context in
          // The page's addresses are relative to the folder that it lies in.
          request.uri.path == basePath
            ? Response(status: .temporaryRedirect, headers: [.location: basePath + "/"]) : answer(request, context)
        }
      }
    }
  }
}
