import Foundation
import OnnxRuntime
import Synchronization

/// An ONNX network that is opened at the first use, and then shared by all threads that listen.
final class SharedNetwork: Sendable {
  /// The ONNX file.
  let bytes: Data
  /// How many patches it hears at a time; nil for any number.
  let batch: Int?
  private let session: Mutex<OnnxSession?>

  init(bytes: Data, opened session: OnnxSession?, batch: Int?) {
    self.bytes = bytes
    self.batch = batch
    self.session = Mutex(session)
  }

  /// The network, open.
  ///
  /// - Throws: `OnnxError`.
  func opened() throws(OnnxError) -> OnnxSession {
    let result = session.withLock { session -> Result<OnnxSession, OnnxError> in
      if let session { return .success(session) }
      do throws(OnnxError) {
        let opened = try OnnxSession(network: bytes)
        session = opened
        return .success(opened)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// The answers to patches, each of time × width values: one vector for each.
  ///
  /// They are asked a few at a time, so that memory does not grow with the song; and if the network wants more at a time
  /// than there are, silence fills the rest.
  ///
  /// - Throws: `OnnxError`.
  func answers(to patches: [[Float]], _ description: NetworkDescription) throws(OnnxError) -> [[Float]] {
    let session = try opened()
    let size = batch ?? 1
    var answers: [[Float]] = []
    for first in stride(from: 0, to: patches.count, by: size) {
      let present = patches[first..<min(first + size, patches.count)]
      var values = present.flatMap { Self.arranged($0, description) }
      values += [Float](repeating: 0, count: (size - present.count) * description.patchLength * description.width)
      let (answer, shape) = try session.run(
        values, shape: description.shape(patches: size), input: description.input ?? "",
        output: description.output ?? "")
      for place in 0..<present.count { answers.append(Self.vector(answer, shape, of: place, among: size)) }
    }
    return answers
  }

  /// A patch in the order of the network's dimensions.
  private static func arranged(_ patch: [Float], _ description: NetworkDescription) -> [Float] {
    let axes = description.axes
    guard let time = axes.firstIndex(of: .time), let mel = axes.firstIndex(of: .mel), mel < time else { return patch }
    let width = description.width
    return (0..<width).flatMap { band in (0..<description.patchLength).map { patch[$0 * width + band] } }
  }

  /// The vector of one patch of an answer: its last dimension, and the mean over those between the batch and it.
  /// Dimensions of size 1 do not count. Without a batch, all of it is one patch's.
  private static func vector(_ answer: [Float], _ shape: [Int], of place: Int, among count: Int) -> [Float] {
    let own = count > 1 ? answer.count / count : answer.count
    guard own > 0, own * count <= answer.count else { return [] }
    let sizes = (shape.first == count ? Array(shape.dropFirst()) : shape).filter { $0 != 1 }
    let length = sizes.last ?? 1
    let rows = own / max(length, 1)
    guard rows > 1 else { return Array(answer[place * own..<(place + 1) * own]) }
    return (0..<length).map { column in
      let sum = (0..<rows).reduce(0.0) { $0 + Double(answer[place * own + $1 * length + column]) }
      return Float(sum / Double(rows))
    }
  }
}
