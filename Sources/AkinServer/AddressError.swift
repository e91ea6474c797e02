import Foundation

/// Why a server cannot listen at its address.
public struct AddressError: Error, Sendable, Hashable, CustomStringConvertible {
  let host: String
  let port: Int
  /// The system's number for it.
  let code: Int32

  /// What is wrong, and what to do.
  public var description: String {
    switch code {
    case EADDRINUSE:
      "Port \(port) of \(host) is in use, perhaps by another `akin serve`: choose another with --port, or 0 for a free one."
    case EADDRNOTAVAIL: "\(host) is no address of this machine: name one with --host."
    case EACCES: "Port \(port) may not be used: choose one from 1024 on with --port."
    default: "The server cannot listen on port \(port) of \(host): \(String(cString: strerror(code)))."
    }
  }
}
