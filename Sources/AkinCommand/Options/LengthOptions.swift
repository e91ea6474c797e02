import ArgumentParser
import MusicLibrary

/// How long a playlist is.
struct LengthOptions: ParsableArguments {
  @Option(
    name: [.customShort("n", allowingJoined: true), .long],
    help: "How many songs; of a path with its ends. (default: 20)")
  var count: Int?
  @Option(help: ArgumentHelp("How long, instead of a number of songs.", valueName: "number"))
  var minutes: Double?

  func validate() throws {
    if count != nil && minutes != nil { throw ValidationError("Give either --count or --minutes.") }
    if let count, count < 1 { throw ValidationError("--count must be at least 1") }
    if let minutes, !(minutes > 0 && minutes <= 1e6) { throw ValidationError("--minutes must be above 0") }
  }

  /// What the options say.
  var length: PlaylistRequest.Length { minutes.map { .minutes($0) } ?? .songs(count ?? 20) }
}
