import CFFmpeg
import Foundation

/// A digest by which equal content is recognised: libavutil's SHA-256.
package enum ContentDigest {
  /// The first 128 bits in hexadecimal: 32 characters.
  package static func hexadecimal(of data: Data) -> String {
    guard let context = av_sha_alloc() else { preconditionFailure("out of memory") }
    defer { av_free(UnsafeMutableRawPointer(context)) }
    var digest = [UInt8](repeating: 0, count: 32)
    av_sha_init(context, 256)
    data.withUnsafeBytes { bytes in
      guard let start = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
      av_sha_update(context, start, bytes.count)
    }
    av_sha_final(context, &digest)
    return digest.prefix(16).map { byte in
      let text = String(byte, radix: 16)
      return byte < 16 ? "0" + text : text
    }.joined()
  }
}
