/// A number of a song, which some servers write as a text, and some as a fraction. What is neither is none: one odd tag
/// keeps no other song away.
struct LenientNumber: Decodable {
  let value: Double?

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    value =
      if let number = try? container.decode(Double.self) { number } else {
        (try? container.decode(String.self)).flatMap(Double.init)
      }
  }

  /// A whole number; nil for others.
  var integer: Int? { value.flatMap { Int(exactly: $0) } }
}
