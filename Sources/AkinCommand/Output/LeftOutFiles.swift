/// What a walk through folders left out without an error, as one line.
enum LeftOutFiles {
  /// Endings of what usually lies beside music.
  private static let besideMusic: Set<String> = [
    "accurip", "bak", "bmp", "css", "csv", "cue", "db", "doc", "docx", "ffp", "gif", "heic", "htm", "html", "ini",
    "jpeg", "jpg", "js", "json", "log", "lrc", "m3u", "m3u8", "md", "md5", "nfo", "pdf", "pls", "png", "rtf", "sfv",
    "svg", "tif", "tiff", "torrent", "txt", "url", "webp", "wpl", "xml", "xspf",
  ]
  /// The most endings that are named.
  private static let most = 12

  /// "left out by ending: 3 .mid, 1 .ofr, and 12 pictures, texts and lists; left out 2 videos (--video takes them)";
  /// nil if nothing was left out.
  ///
  /// - Parameter offersVideos: whether the command has the option `--video`.
  static func text(_ leftOut: [String: Int], videos: Int, offersVideos: Bool = true) -> String? {
    var parts = leftOut.filter { !besideMusic.contains($0.key) }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key.isEmpty ? "without ending" : ".\($0.key)")" }
    if parts.count > most {
      let rest = parts.count - most
      parts = parts.prefix(most) + [counted(rest, "other ending")]
    }
    let beside = leftOut.filter { besideMusic.contains($0.key) }.values.reduce(0, +)
    if beside > 0 { parts.append(beside == 1 ? "1 picture, text or list" : "\(beside) pictures, texts and lists") }
    var lines = parts.isEmpty ? [] : ["left out by ending: " + parts.joined(separator: ", ")]
    if videos > 0 {
      let offer = offersVideos ? " (--video takes \(videos == 1 ? "it" : "them"))" : ""
      lines.append("left out \(counted(videos, "video"))" + offer)
    }
    return lines.isEmpty ? nil : lines.joined(separator: "; ")
  }
}
