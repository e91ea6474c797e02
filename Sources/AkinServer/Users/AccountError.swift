/// Why users, passwords and keys cannot be read or changed.
public enum AccountError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The key with which the passwords are encrypted is gone, can be read by others, is damaged, or cannot be written.
  case noKey(String)
  case openKey(String)
  case damagedKey(String)
  case unwritableKey(String, String)
  /// It was encrypted with another key.
  case unreadablePassword(String)
  /// What a user cannot have.
  case badName(String)
  case badPassword
  /// A user that there is, or is not.
  case taken(String)
  case unknown(String)
  /// A key that there is not.
  case unknownAPIKey(Int64)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .noKey(let path):
      "\(path) is missing, with which the passwords are encrypted. Bring it back, or remove the users and add them anew."
    case .openKey(let path): "\(path) can be read by others: run `chmod 600` on it, and change the passwords."
    case .damagedKey(let path):
      "\(path) is no key of 32 bytes. Bring it back from a backup, or remove it, and the users, and add them anew."
    case .unwritableKey(let path, let reason): "\(path) cannot be written: \(reason)."
    case .unreadablePassword(let name):
      "The password of \(name) was encrypted with another key: set it anew with `akin user password \(name)`."
    case .badName(let name):
      "“\(name)” cannot be the name of a user: it has 1 to 64 characters, no spaces at its ends, and no control characters."
    case .badPassword: "A password has 1 to 1024 characters on one line."
    case .taken(let name): "There is a user \(name). `akin user password \(name)` changes the password."
    case .unknown(let name): "There is no user \(name)."
    case .unknownAPIKey(let id): "There is no API key \(id)."
    }
  }
}
