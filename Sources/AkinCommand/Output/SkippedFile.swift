import AudioDecoding

/// A file or folder that a command left out, as its JSON has it.
struct SkippedFile: Encodable {
  var path, reason: String
}

extension [SkippedFile] {
  init(_ skipped: [(path: String, reason: String)]) {
    self = skipped.map { SkippedFile(path: $0.path, reason: $0.reason) }
  }
}

extension Terminal {
  /// Names files and folders that were left out, each with its reason.
  func warn(leftOut skipped: [(path: String, reason: String)]) {
    for (path, reason) in skipped { warn(leftOut: path, reason) }
  }

  /// Says what is odd about a file that was heard all the same. That its header is wrong, as after a cut, does no harm.
  func warn(of notes: [AudioFileNote], _ path: String) {
    for found in notes {
      if case .headerLength = found {
        note("\(shownPath(path)): \(found)")
      } else {
        warn("\(shownPath(path)): \(found)")
      }
    }
  }

  /// Names a file or folder that was left out.
  func warn(leftOut path: String, _ reason: String) { warn("left out \(shownPath(path)): \(reason)") }
}
