import ArgumentParser

/// Whether notes and progress are written; for a command whose result has one form only.
struct QuietOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Print nothing but results and errors.")
  var quiet = false

  var terminal: Terminal { Terminal(isQuiet: quiet) }
}
