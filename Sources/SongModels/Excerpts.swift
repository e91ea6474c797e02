import AudioDecoding

/// How many excerpts of a song a model hears. How long they are follows from the model.
public struct Excerpts: Sendable, Hashable {
  /// The numbers of excerpts that can be heard.
  public static let counts = 1...64
  /// The middle of a song alone.
  public static let middle = Excerpts(count: 1)

  /// How many, in `counts`, spread evenly over a song; as many as fit without overlapping in a song that is shorter, and
  /// at least one.
  public let count: Int

  /// So many excerpts.
  public init(count: Int) {
    precondition(Self.counts.contains(count), "\(count) excerpts of a song")
    self.count = count
  }

  /// The parts of a file, each `seconds` long, at a rate in Hz, or the file's own.
  package func parts(seconds: Double, sampleRate: Int?) -> [AudioPart] {
    guard count > 1 else { return [AudioPart(.middle(seconds: seconds), sampleRate: sampleRate)] }
    return (0..<count).map {
      AudioPart(.spread(index: $0, count: count, seconds: seconds), sampleRate: sampleRate)
    }
  }
}

// MARK: - As a part of names

extension Excerpts {
  /// What the name of a model ends with that hears several.
  var suffix: String { count == 1 ? "" : "-\(count)-excerpts" }

  /// A name without such an end, and what the end says; nil if it has none.
  static func split(_ name: String) -> (base: String, excerpts: Excerpts)? {
    let words = name.split(separator: "-", omittingEmptySubsequences: false)
    guard words.count >= 3, words.last == "excerpts", let count = Int(words[words.count - 2]), count > 1,
      counts.contains(count)
    else { return nil }
    let excerpts = Excerpts(count: count)
    // Nothing else that a number can be read from, such as "+3".
    guard name.hasSuffix(excerpts.suffix) else { return nil }
    return (String(name.dropLast(excerpts.suffix.count)), excerpts)
  }
}
