/// The endings of names by which audio files in folders are recognised; what is named itself is always tried.
///
/// They are those of the demuxers of FFmpeg 5 to 8 that read music people have. Left out: formats of games, consoles,
/// telephones and raw streams without a header, which would be played at a guessed rate; lists and corrections that
/// belong to another file (.cue, .apl, .wvc); notes without sound (.mid); and .ts, which is also the ending of
/// programs and translations.
package enum AudioFileEndings {
  /// Of files that hold sound, at most with a picture beside it.
  package static let sound: Set<String> = [
    "3ga", "aa", "aa3", "aac", "aax", "ac3", "adts", "aif", "aifc", "aiff", "alac", "amr", "ape", "at3", "au", "awb",
    "bwf", "caf", "dff", "dsf", "dts", "dtshd", "eac3", "ec3", "f4a", "f4b", "fla", "flac", "m2a", "m4a", "m4b", "m4p",
    "m4r", "mac", "mka", "mlp", "mp+", "mp1", "mp2", "mp3", "mpa", "mpc", "mpp", "oga", "ogg", "oma", "omg", "opus",
    "qcp", "ra", "rf64", "shn", "snd", "spx", "tak", "thd", "truehd", "tta", "voc", "vqf", "w64", "wav", "wave", "weba",
    "wma", "wsd", "wv", "xwma",
    // Tracker modules, which FFmpeg reads if it was built with libopenmpt.
    "669", "it", "med", "mo3", "mod", "mptm", "mtm", "okt", "s3m", "stm", "ult", "umx", "xm",
  ]

  /// Of files that hold sound alone or a video: only a look inside tells which.
  package static let containers: Set<String> = [
    "3g2", "3gp", "asf", "avi", "divx", "f4v", "flv", "m2t", "m2ts", "m4v", "mk3d", "mkv", "mov", "mp4", "mpe", "mpeg",
    "mpg", "mts", "nut", "ogm", "ogv", "ogx", "qt", "rm", "rmvb", "vob", "webm", "wmv",
  ]

  /// What follows the last dot of a name, in small letters; empty if that does not look like an ending.
  package static func ending(of name: String) -> String {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return "" }
    let ending = name[name.utf8.index(after: dot)...]
    let isPlain =
      ending.utf8.count <= 12
      && ending.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII
          && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "+-_~".unicodeScalars.contains(scalar))
      }
    return isPlain ? ending.lowercased() : ""
  }

  /// Whether a file of this name may be music.
  package static func isAudio(_ name: String) -> Bool {
    let ending = ending(of: name)
    return sound.contains(ending) || containers.contains(ending)
  }

  /// Whether a file of this name is a CUE sheet, which says which songs other files hold.
  package static func isCueSheet(_ name: String) -> Bool { ending(of: name) == "cue" }

  /// Whether a file of this name may as well be a video.
  package static func mayBeVideo(_ path: String) -> Bool { containers.contains(ending(of: path)) }

  /// Both lists, for help texts.
  package static var text: String {
    func joined(_ endings: Set<String>) -> String { endings.sorted().map { "." + $0 }.joined(separator: " ") }
    return """
      Files are taken for music by the ending of their names: \(joined(sound)). Those that end in \(joined(containers)) \
      are music if they hold sound alone, at most with a cover picture; a video counts only with --video or if it is \
      named itself. Names that begin with one dot are hidden: such a folder or file is heard only if it is named.
      """
  }
}
