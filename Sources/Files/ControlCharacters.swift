extension Unicode.Scalar {
  /// Whether terminals, players or browsers may obey this character rather than show it: control characters, ends of
  /// lines and paragraphs, and those that turn the direction of what follows.
  package var isControl: Bool {
    switch value {
    case 0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}

extension String {
  /// Whether any character is a control character (``Unicode/Scalar/isControl``).
  package var hasControlCharacters: Bool {
    // Most texts have no byte that could begin one.
    utf8.contains { $0 < 0x20 || $0 == 0x7F || $0 == 0xC2 || $0 == 0xE2 } && unicodeScalars.contains(where: \.isControl)
  }
}
