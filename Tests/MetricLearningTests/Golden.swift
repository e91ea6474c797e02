import Foundation

/// A file of `Tests/Goldens`, as JSON.
enum Golden {
  static func load<Contents: Decodable>(_ type: Contents.Type, from name: String) throws -> Contents {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Goldens/\(name)")
    return try JSONDecoder().decode(Contents.self, from: Data(contentsOf: file))
  }
}

/// The largest difference of two lists, over the largest magnitude of the second.
func relativeError(_ values: some Sequence<Double>, _ expected: some Sequence<Double>) -> Double {
  let largest = expected.reduce(0) { max($0, abs($1)) }
  let difference = zip(values, expected).reduce(0) { $0.isNaN ? $0 : max($0, abs($1.0 - $1.1)) }
  return largest == 0 ? difference : difference / largest
}
