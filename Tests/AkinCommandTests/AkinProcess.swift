import Foundation
import TestSupport
import Testing

/// The program as users run it.
enum AkinProcess {
  /// What a finished run left.
  struct Output {
    var status: Int32
    /// Whether a signal ended it.
    var isSignalled: Bool
    var standardOutput: String
    var standardError: String

    /// The standard output as JSON.
    func json() throws -> Any {
      try JSONSerialization.jsonObject(with: Data(standardOutput.utf8), options: .fragmentsAllowed)
    }
  }

  /// Beside the tests, where the package manager builds both.
  static let executable: URL = {
    let candidates = [URL(filePath: CommandLine.arguments[0]), Bundle.main.bundleURL, Bundle.main.executableURL]
    let folders = candidates.compactMap { $0?.deletingLastPathComponent() } + [Bundle.main.bundleURL]
    let files = folders.map { $0.appending(path: "akin") }
    return files.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? files[0]
  }()

  static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: executable.path) }

  /// Starts the program, or another, with results and notes in files, which no reader can hold up.
  static func start(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:], input: String? = nil,
    shell: String? = nil, program: String? = nil
  ) throws -> Running {
    let process = Process()
    process.executableURL = URL(filePath: program ?? (shell == nil ? executable.path : "/bin/sh"))
    process.arguments = shell.map { ["-c", $0, executable.path] + arguments } ?? arguments
    process.currentDirectoryURL = folder.url
    let own = [
      "AKIN_LIBRARY": folder("library.sqlite"), "XDG_CACHE_HOME": folder("cache"), "XDG_DATA_HOME": folder("data"),
      "HOME": folder.path,
    ]
    process.environment = ProcessInfo.processInfo.environment.merging(own) { $1 }.merging(environment) { $1 }
    let name = UUID().uuidString
    let (output, errors) = (folder(".\(name).out"), folder(".\(name).err"))
    for file in [output, errors] { try Data().write(to: URL(filePath: file)) }
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
    if let input {
      try folder.write(input, to: ".\(name).in")
      process.standardInput = try FileHandle(forReadingFrom: URL(filePath: folder(".\(name).in")))
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    try process.run()
    return Running(process: process, output: URL(filePath: output), errors: URL(filePath: errors))
  }

  static func run(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:], input: String? = nil,
    shell: String? = nil, program: String? = nil
  ) throws -> Output {
    try start(arguments, in: folder, environment: environment, input: input, shell: shell, program: program).finish()
  }

  /// A run that goes on.
  struct Running {
    let process: Process
    fileprivate let output: URL
    fileprivate let errors: URL

    /// What was written to standard error so far.
    func notes() throws -> String { String(decoding: try Data(contentsOf: errors), as: UTF8.self) }

    /// Waits until a condition holds; the run's end fails the test.
    func wait(until condition: () throws -> Bool) throws {
      while try !condition() {
        let text = try notes()
        try #require(process.isRunning, "it ended too early: \(text)")
        usleep(5000)
      }
    }

    /// Waits until Ctrl-C would ask it to stop instead of ending it.
    func waitUntilItListensToSignals() throws {
      #if os(Linux)
        let status = URL(filePath: "/proc/\(process.processIdentifier)/status")
        try wait {
          let text = String(decoding: try Data(contentsOf: status), as: UTF8.self)
          let caught = text.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }?.split(separator: "\t").last
          return UInt64(caught ?? "", radix: 16).map { $0 >> UInt64(SIGINT - 1) & 1 == 1 } ?? false
        }
      #else
        usleep(1_000_000)
      #endif
    }

    func finish() throws -> Output {
      process.waitUntilExit()
      return Output(
        status: process.terminationStatus, isSignalled: process.terminationReason == .uncaughtSignal,
        standardOutput: String(decoding: try Data(contentsOf: output), as: UTF8.self), standardError: try notes())
    }
  }
}

extension Trait where Self == ConditionTrait {
  static var needsTheProgram: Self {
    .enabled(if: AkinProcess.isBuilt, "there is no akin beside the tests: build it with `swift build`")
  }

  /// Skips what runs a script in Python if there is none.
  static var needsPython: Self {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let isThere = folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/python3") }
    return .enabled(if: isThere, "there is no python3")
  }
}
