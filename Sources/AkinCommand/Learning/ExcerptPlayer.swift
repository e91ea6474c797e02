import Catalogue
import Foundation
import Synchronization

/// Plays excerpts of songs by a program that is there: ffplay, mpv, or the system's player.
final class ExcerptPlayer: Sendable {
  private struct State {
    /// What plays, and what comes after it.
    var process: Process?
    var waiting: ArraySlice<[String]> = []
    /// Changes with each call, so that the end of what was stopped begins nothing.
    var turn = 0
  }

  private let state = Mutex(State())

  private static let seconds = 12

  /// A program, and how it plays so many seconds of a file from a second on.
  private struct Program: Sendable {
    let name: String
    let arguments: @Sendable (_ path: String, _ start: Int) -> [String]
  }

  private static let programs = [
    Program(name: "ffplay") {
      ["-v", "quiet", "-nodisp", "-autoexit", "-ss", "\($1)", "-t", "\(seconds)", "-i", "file:" + $0]
    },
    Program(name: "mpv") { ["--really-quiet", "--no-video", "--start=\($1)", "--length=\(seconds)", "--", $0] },
    Program(name: "afplay") { path, _ in ["-t", "\(seconds)", path] },
  ]

  /// Plays the middle of songs, one after the other, until the last ends or `stop`; why it cannot, in a sentence.
  func play(_ songs: [Track]) -> String? {
    stop()
    guard let (path, program) = Self.found else {
      return "no player was found: install ffplay (Debian's package ffmpeg) or mpv"
    }
    var calls: [[String]] = []
    for song in songs {
      let file = song.source.file
      guard FileManager.default.isReadableFile(atPath: file) else { return "\(visible(file)) cannot be read" }
      let first = song.source.bounds?.start ?? 0
      let middle = first + max(0, (song.duration ?? 0) - Double(Self.seconds)) / 2
      calls.append([path] + program.arguments(file, Int(middle)))
    }
    let turn = state.withLock { state in
      state.waiting = calls[...]
      return state.turn
    }
    return next(turn)
  }

  /// Ends what plays.
  func stop() {
    state.withLock { state in
      state.turn += 1
      state.waiting = []
      if let process = state.process, process.isRunning { process.terminate() }
      state.process = nil
    }
  }

  private func next(_ turn: Int) -> String? {
    state.withLock { state in
      guard state.turn == turn, let call = state.waiting.popFirst() else { return nil }
      let process = Process()
      process.executableURL = URL(filePath: call[0])
      process.arguments = Array(call.dropFirst())
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      process.terminationHandler = { [self] _ in _ = next(turn) }
      do { try process.run() } catch {
        return "\(visible(call[0])) could not be started: \(error.localizedDescription)"
      }
      state.process = process
      return nil
    }
  }

  private static var found: (path: String, program: Program)? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    for program in programs {
      for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(program.name)") {
        return ("\(folder)/\(program.name)", program)
      }
    }
    return nil
  }
}
