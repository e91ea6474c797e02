import ArgumentParser
import Tags

/// The code page of tags that do not declare theirs.
struct CharsetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The code page of tags that do not declare theirs, such as CP1251 or GBK (default: found out where an album is "
        + "clear); ISO-8859-1 leaves them as they are.", valueName: "name"))
  var charset: LegacyCharset?
}

extension LegacyCharset: ExpressibleByArgument {
  /// A code page by iconv's name; nil for a wrong usage if iconv does not know it.
  public init?(argument: String) { self.init(named: argument) }
  /// Its name.
  public var defaultValueDescription: String { name }
}
