import Crypto
import Files
import Foundation

/// Encrypts the passwords of users with a key that lies beside the library.
///
/// OpenSubsonic's tokens are digests of the password and a random text, so a server has to know the password itself: no
/// digest of it would do. Whoever has the library alone, such as a backup of it, still learns none.
package struct PasswordSeal: Sendable {
  private let key: SymmetricKey

  /// Where the key of a library lies.
  package static func path(library: String) -> String { library + ".key" }

  /// Reads the key of a library, or makes it if it is to be and there is none.
  ///
  /// - Throws: `AccountError`.
  package init(library: String, make: Bool) throws {
    let path = Self.path(library: library)
    if make { try Self.makeFile(path) }
    guard let status = FileStatus(path) else { throw AccountError.noKey(path) }
    guard status.permissions & 0o077 == 0 else { throw AccountError.openKey(path) }
    guard let data = FileManager.default.contents(atPath: path), data.count == 32 else {
      throw AccountError.damagedKey(path)
    }
    key = SymmetricKey(data: data)
  }

  /// Written under another name first: whoever finds the file finds all of it. Of two processes the first one's counts.
  private static func makeFile(_ path: String) throws {
    guard access(path, F_OK) != 0 else { return }
    let temporary = path + "." + UUID().uuidString
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    guard file >= 0 else { throw AccountError.unwritableKey(path, String(cString: strerror(errno))) }
    defer { unlink(temporary) }
    let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    let isWritten = write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
    let reason = errno
    close(file)
    guard isWritten, link(temporary, path) == 0 || errno == EEXIST else {
      throw AccountError.unwritableKey(path, String(cString: strerror(isWritten ? errno : reason)))
    }
  }

  /// Encrypts a password; it is of use for this user only.
  func sealed(_ password: String, of user: String) throws -> [UInt8] {
    let box = try AES.GCM.seal(Data(password.utf8), using: key, authenticating: Data(user.utf8))
    return [UInt8](box.combined ?? Data())
  }

  /// The password.
  ///
  /// - Throws: `AccountError.unreadablePassword` if it was sealed with another key, or for another user.
  package func password(_ sealed: [UInt8], of user: String) throws -> String {
    do {
      let box = try AES.GCM.SealedBox(combined: sealed)
      return String(decoding: try AES.GCM.open(box, using: key, authenticating: Data(user.utf8)), as: UTF8.self)
    } catch { throw AccountError.unreadablePassword(user) }
  }
}
