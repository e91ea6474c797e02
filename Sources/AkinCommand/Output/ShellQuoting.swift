/// A command line's argument as a shell takes it, for commands that are shown to be copied.
func shellQuoted(_ argument: String) -> String {
  let isPlain = !argument.isEmpty && argument.allSatisfy { $0.isLetter || $0.isNumber || "_-./+@%:,=".contains($0) }
  return isPlain ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
}
