import Foundation
import SongModels

/// What came of learning from a library's tags.
public struct TagLesson: Sendable, Hashable, Codable {
  /// A measure before and after, on songs of artists that nothing was learned from.
  public struct Figure: Sendable, Hashable, Codable {
    /// The mean average precision of the model as it comes, and as it was learned.
    public var before, after: Double
    /// Half of the 95 % interval of the difference, over artists.
    public var uncertainty: Double
    /// How many songs asked.
    public var queries: Int

    /// The difference.
    public var gain: Double { after - before }
  }

  /// A genre, and how much it counted.
  public struct Genre: Sendable, Hashable, Codable {
    /// Its most frequent spelling.
    public var name: String
    /// How many songs have it.
    public var songs: Int
    /// How far it can be trusted: 0 if songs of it by other artists are no nearer than any; 0...1.
    public var trust: Double
  }

  /// The name of the model whose space was to be changed.
  public var model: String
  /// Whether the library answers with it.
  public var adopted: Bool
  /// Why it was not adopted; nil if it was.
  public var reason: String?
  /// Songs of the genre of the one that asks, by other artists; nil if nothing could be measured.
  public var genres: Figure?
  /// Songs by the artist of the one that asks; nil if no artist has two songs.
  public var artists: Figure?
  /// How many songs it learned from.
  public var songs: Int
  /// How many artists they have.
  public var artistCount: Int
  /// How far artists can be trusted: the share of all differences that lie between them, 0...1.
  public var artistTrust: Double
  /// How far albums can be trusted, in the same way.
  public var albumTrust: Double
  /// The genres with enough songs and artists, the most trusted first.
  public var genreTrust: [Genre]
  /// How much directions between genres are stretched; 0 for not at all.
  public var gain: Double
  /// How many songs the library held then.
  public var librarySongs: Int
  /// How many of them had a genre that says something.
  public var libraryGenreSongs: Int
  /// How long it took, in seconds.
  public var seconds: Double
  /// The version of Akin that learned.
  public var version: String

  /// Whether the library has changed so much that learning again may give something else: by a tenth of its songs, or of
  /// those with a genre.
  func isOutdated(songs: Int, genreSongs: Int) -> Bool {
    func differs(_ now: Int, _ then: Int) -> Bool { abs(now - then) * 10 > then }
    return differs(songs, librarySongs) || differs(genreSongs, libraryGenreSongs)
  }

  /// "genres .41 → .47 (+.06 ± .02) on artists it had not heard, artists .62 → .62: adopted"
  public var sentence: String {
    var parts: [String] = []
    if let genres {
      parts.append(
        "genres \(Self.text(genres.before)) → \(Self.text(genres.after)) (\(Self.signed(genres.gain)) ± "
          + "\(Self.text(genres.uncertainty))) on artists it had not heard")
    }
    if let artists { parts.append("artists \(Self.text(artists.before)) → \(Self.text(artists.after))") }
    let end = adopted ? "adopted" : "not adopted" + (reason.map { ", since \($0)" } ?? "")
    return (parts.isEmpty ? "" : parts.joined(separator: ", ") + ": ") + end
  }

  private static func text(_ value: Double) -> String {
    let text = String(format: "%.3f", value)
    return text.hasPrefix("0") ? String(text.dropFirst()) : text
  }

  private static func signed(_ value: Double) -> String {
    (value < 0 ? "−" : "+") + text(abs(value))
  }
}
