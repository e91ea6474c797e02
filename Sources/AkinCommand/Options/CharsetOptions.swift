import ArgumentParser
import Tags

/// The code page of tags that do not declare theirs.
struct CharsetOptions: ParsableArguments {
  /// `auto`, or the name of a code page.
  enum Choice: ExpressibleByArgument {
    case found
    case named(LegacyCharset)

    /// Nil for a wrong usage if iconv does not know the code page.
    init?(argument: String) {
      if argument.lowercased() == "auto" {
        self = .found
      } else if let charset = LegacyCharset(named: argument) {
        self = .named(charset)
      } else {
        return nil
      }
    }
  }

  @Option(
    help: ArgumentHelp(
      "The code page of tags that do not declare theirs, such as CP1251 or GBK. ISO-8859-1 leaves them as they are; "
        + "auto finds it out where an album is clear, as for all songs for which none was named.", valueName: "name"))
  var charset: Choice?

  /// The code page, if one is named.
  var named: LegacyCharset? {
    if case .named(let charset) = charset { charset } else { nil }
  }

  /// Whether it is asked for that code pages are found out.
  var isAuto: Bool {
    if case .found = charset { true } else { false }
  }
}
