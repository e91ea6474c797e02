import Hummingbird
import Reproducibility

/// How an answer is written.
enum SubsonicFormat: String, CaseIterable {
  case xml, json

  /// The version of the protocol.
  static let version = "1.16.1"

  /// - Throws: `Problem` for a format that is not answered. (JSONP would let any web page read the library.)
  init(_ parameters: RequestParameters) throws {
    self = try parameters.choice("f", otherwise: .xml)
  }

  func response(with answer: SubsonicObject) -> Response { response("ok", answer) }

  func response(with error: SubsonicError) -> Response {
    response("failed", SubsonicObject(["error": .object(error.object)]))
  }

  private func response(_ status: String, _ answer: SubsonicObject) -> Response {
    var object = SubsonicObject([
      "status": .text(status), "version": .text(Self.version), "type": "akin",
      "serverVersion": .text(AkinVersion.current), "openSubsonic": true,
    ])
    for (name, value) in answer.fields { object[name] = value }
    let (text, type): (String, String)
    switch self {
    case .json: (text, type) = (SubsonicObject(["subsonic-response": .object(object)]).json, "application/json")
    case .xml:
      object.addNamespace()
      text = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n" + object.xml(named: "subsonic-response")
      type = "application/xml; charset=utf-8"
    }
    return Response(
      status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}

extension SubsonicObject {
  /// The names of XML's elements are those of this space.
  fileprivate mutating func addNamespace() { self["xmlns"] = "http://subsonic.org/restapi" }
}

/// What this server can do beyond the protocol.
enum SubsonicExtensions {
  static let names = [
    "apiKeyAuthentication", "formPost", "indexBasedQueue", "sonicSimilarity", "songLyrics", "transcodeOffset",
  ]

  static let answer = SubsonicObject([
    "openSubsonicExtensions": .list(names.map { SubsonicObject(["name": .text($0), "versions": .integers([1])]) })
  ])
}
