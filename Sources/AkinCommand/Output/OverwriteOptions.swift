import ArgumentParser
import Files
import Foundation

/// What a command writes into a file that the user names, and how an earlier one is recognised.
enum OutputKind: String {
  case playlist, map, array, manifest, json, network

  /// Whether a file that begins so is of this kind.
  func fits(_ beginning: Data, ending: String) -> Bool {
    // Every audio format has zeros at its beginning; none of these texts has.
    let isText = !beginning.contains(0)
    let text = String(decoding: beginning, as: UTF8.self).trimmingPrefix(while: { $0.isWhitespace || $0 == "\u{FEFF}" })
    return switch self {
    case .playlist:
      text.hasPrefix("#EXTM3U") || isText && (["m3u", "m3u8", "pls"].contains(ending) || text.contains("xspf.org"))
    case .map: isText && text.hasPrefix("<")
    case .array: beginning.starts(with: Data([0x93]) + Data("NUMPY".utf8))
    // The version of the format and the producer's name, which every program writes first.
    case .network: beginning.starts(with: [0x08]) && beginning.dropFirst(2).starts(with: [0x12])
    case .json: isText && (text.hasPrefix("{") || text.hasPrefix("["))
    case .manifest: isText && (ending == "csv" || text.prefix { !$0.isNewline }.contains("path"))
    }
  }
}

/// Whether a file that is something else may be overwritten: a wrong word on the command line must not cost a song.
struct OverwriteOptions: ParsableArguments {
  @Flag(help: "Overwrite the file even if it is not of the kind that is written.")
  var force = false

  /// Refuses to overwrite a file that is neither empty nor of a kind.
  func check(_ path: String, is kind: OutputKind) throws(FileError) {
    guard !force, Self.isRegularFile(path) else { return }
    let beginning: Data
    do {
      let file = try FileHandle(forReadingFrom: URL(filePath: path))
      beginning = try file.read(upToCount: 4096) ?? Data()
    } catch {
      throw Self.refusal(path, kind, "cannot be read (\(error.systemReason))")
    }
    let ending = (path as NSString).pathExtension.lowercased()
    guard beginning.isEmpty || kind.fits(beginning, ending: ending) else {
      throw Self.refusal(path, kind, "is no \(kind.rawValue)")
    }
  }

  /// Writes a file, whole or not at all, unless it would overwrite something else.
  func write(_ data: Data, to path: String, as kind: OutputKind) throws(FileError) {
    try check(path, is: kind)
    try FileError.write(data, to: URL(filePath: path))
  }

  private static func isRegularFile(_ path: String) -> Bool {
    // Following links, as writing does; devices and pipes hold nothing.
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: URL(filePath: path).resolvingSymlinksInPath().path)
    return attributes?[.type] as? FileAttributeType == .typeRegular
  }

  private static func refusal(_ path: String, _ kind: OutputKind, _ what: String) -> FileError {
    FileError(
      path: path, reason: "it is there already and \(what)",
      remedy: "Name another file, or overwrite it with --force.")
  }
}
