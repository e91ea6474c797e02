import CDefaultModel
import Foundation

/// The bytes of the models in the box: safetensors files, in half precision and base64.
enum DefaultModelBox {
  /// The directions that the default shrinks: all, or those of the first so many characters, a multiple of 4.
  static func directions(first count: Int) -> Data { data(akin_default_directions(), first: count) }

  /// The network that the default hears with: the same.
  static func character(first count: Int) -> Data { data(akin_default_character(), first: count) }

  private static func data(_ text: UnsafePointer<CChar>, first count: Int) -> Data {
    let characters = UnsafeRawBufferPointer(start: text, count: strnlen(text, count))
    guard let data = Data(base64Encoded: Data(characters)) else {
      preconditionFailure("the model in the box is not base64")
    }
    return data
  }
}
