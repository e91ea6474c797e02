import ArgumentParser

/// How results and notes are written.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print the result as JSON.")
  var json = false

  @OptionGroup var notes: QuietOptions

  var quiet: Bool { notes.quiet }
  var terminal: Terminal { notes.terminal }
}
