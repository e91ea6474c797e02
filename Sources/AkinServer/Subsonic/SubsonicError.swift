import Catalogue
import Hummingbird
import MusicLibrary

/// Why a request is not answered, with the protocol's codes.
struct SubsonicError: Error {
  enum Code: Int {
    case generic = 0
    case missingParameter = 10
    case clientMustUpgrade = 20
    case serverMustUpgrade = 30
    case wrongCredentials = 40
    case mechanismNotSupported = 42
    case conflictingMechanisms = 43
    case invalidAPIKey = 44
    case notAuthorised = 50
    case notFound = 70
  }

  let code: Code
  let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  static func missing(_ what: String) -> SubsonicError { SubsonicError(.notFound, "the library has no \(what)") }

  /// What another error means here.
  init(_ error: any Error) {
    switch error {
    case let error as SubsonicError: self = error
    case let error as MissingParameter: self.init(.missingParameter, "\(error.name) is missing")
    default:
      let problem = Problem(error)
      let code: Code =
        switch problem.status {
        case .notFound: .notFound
        case .forbidden: .notAuthorised
        default: .generic
        }
      self.init(code, problem.detail)
    }
  }

  var object: SubsonicObject { SubsonicObject(["code": .integer(code.rawValue), "message": .text(message)]) }
}

/// A parameter that has to be there.
struct MissingParameter: Error {
  let name: String
}
