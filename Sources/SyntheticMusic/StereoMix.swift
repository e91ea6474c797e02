import Foundation

/// Two channels in the making, and what goes to the reverberation.
struct StereoMix {
  var left: [Float]
  var right: [Float]
  private var send: [Float]

  init(sampleCount: Int) {
    left = [Float](repeating: 0, count: sampleCount)
    right = left
    send = left
  }

  /// Adds a mono sound from the sample `start` on, panned from -1 (left) to 1 (right) with constant power; `wet` is the
  /// share that is sent to the room.
  mutating func add(_ sound: [Float], at start: Int = 0, gain: Float, pan: Float, wet: Float) {
    let angle = (pan + 1) * .pi / 4
    Self.accumulate(sound, at: start, gain: gain * cos(angle), into: &left)
    Self.accumulate(sound, at: start, gain: gain * sin(angle), into: &right)
    Self.accumulate(sound, at: start, gain: gain * wet, into: &send)
  }

  /// Lets what was sent to the room be heard.
  mutating func addReverberation(size: Float) {
    Self.accumulate(Reverberator(size: size, offset: 0).process(send), at: 0, gain: 1, into: &left)
    Self.accumulate(Reverberator(size: size, offset: 12).process(send), at: 0, gain: 1, into: &right)
  }

  private static func accumulate(_ sound: [Float], at start: Int, gain: Float, into track: inout [Float]) {
    let count = min(sound.count, track.count - start)
    guard count > 0, gain != 0 else { return }
    track.withUnsafeMutableBufferPointer { track in
      sound.withUnsafeBufferPointer { sound in
        for index in 0..<count { track[start + index] += gain * sound[index] }
      }
    }
  }
}
