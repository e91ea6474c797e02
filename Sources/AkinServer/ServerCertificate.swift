import Files
import Foundation
import NIOSSL

/// The certificate by which a server is known, and its private key.
public struct ServerCertificate: Sendable {
  let configuration: TLSConfiguration

  /// Reads them.
  ///
  /// - Parameters:
  ///   - file: The certificate in PEM, those that vouch for it after it, as `fullchain.pem` has them.
  ///   - keyFile: The private key in PEM, without a password; it may be in the same file.
  /// - Throws: `FileError`.
  public init(file: String, keyFile: String) throws(FileError) {
    let chain: [NIOSSLCertificate]
    do { chain = try NIOSSLCertificate.fromPEMFile(file) } catch { throw Self.error(file, "certificate", error) }
    let key: NIOSSLPrivateKey
    do { key = try NIOSSLPrivateKey(file: keyFile, format: .pem) } catch {
      throw Self.error(keyFile, "private key", error)
    }
    guard !chain.isEmpty else { throw Self.error(file, "certificate", nil) }
    configuration = .makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    // Whether the two belong together is found out here rather than at the first connection.
    do { _ = try NIOSSLContext(configuration: configuration) } catch {
      throw FileError(
        path: keyFile, reason: "this key is not that of the certificate in \(file)",
        remedy: "Name the key that the certificate was made for.")
    }
  }

  private static func error(_ file: String, _ what: String, _ error: (any Error)?) -> FileError {
    guard access(file, R_OK) == 0 else {
      return FileError(
        path: file, reason: String(cString: strerror(errno)), remedy: "Check the name, and who may read it.")
    }
    return FileError(path: file, reason: "there is no \(what) in PEM", remedy: "Name a file with “-----BEGIN” in it.")
  }
}
