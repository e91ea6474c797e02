import AudioDecoding
import AudioFiles
import Foundation
import Tags

/// What a check found.
public struct DatasetFindings: Sendable {
  /// What can be wrong with one file.
  public enum FileProblem: String, CaseIterable, Sendable {
    /// There is no such file.
    case missing
    /// It cannot be read or decoded.
    case undecodable
    /// No sample of it is louder than 60 dB below full scale.
    case silent
    /// Its middle is silent in the same sense, and a network hears only the middle.
    case silentMiddle
    /// It is broken off; what is there is used.
    case truncated
    /// Its channels cancel each other; one of them is used.
    case cancelling
    /// It is shorter than the least length, such as that of the network's excerpt.
    case short
  }

  /// A problem of one file.
  public struct FileFinding: Sendable, Hashable {
    /// The file.
    public var path: String
    /// The manifests that list it.
    public var parts: [String]
    /// What is wrong.
    public var problem: FileProblem
    /// Details, such as the decoder's words or the length.
    public var detail: String
  }

  /// In what way two songs are the same.
  public enum Likeness: String, CaseIterable, Sendable {
    /// The same file in two manifests.
    case path
    /// Different files with the same bytes.
    case bytes
    /// The same samples in a different file format, or with different tags.
    case samples
    /// The same recording, but encoded, cut or amplified differently.
    case sound
  }

  /// Two songs that are the same.
  public struct Duplicate: Sendable, Hashable {
    /// The song that is listed first.
    public var first: ListedSong
    /// The other song.
    public var second: ListedSong
    /// In what way they are the same.
    public var likeness: Likeness
    /// 1 for equal sound, about 0 for unrelated sound.
    public var similarity: Double
    /// How many seconds into the first song the second begins.
    public var offset: Double

    /// Whether they are in different parts of a split.
    public var straddles: Bool { first.part != second.part }
    /// Whether they have different classes.
    public var contradicts: Bool {
      let (one, other) = (NameKey.key(of: first.song.className), NameKey.key(of: second.song.className))
      return !one.isEmpty && !other.isEmpty && one != other
    }
  }

  /// A class and its songs in each part.
  public struct ClassSize: Sendable, Hashable {
    /// The class.
    public var name: String
    /// The number of its songs, part by part.
    public var songs: [Int]
    /// The number of its songs.
    public var total: Int { songs.reduce(0, +) }
  }

  /// An artist or album that several parts share.
  public struct Shared: Sendable, Hashable {
    /// Whether it is an artist or an album.
    public var label: GroupingKey
    /// The name, as the first song writes it.
    public var name: String
    /// Its songs, part by part.
    public var songs: [Int]
  }

  /// The manifests' names.
  public let partNames: [String]
  /// All lines of all manifests.
  public let songs: [ListedSong]
  /// Problems of single files, in the order of the lines.
  public private(set) var files: [FileFinding] = []
  /// Pairs of songs that are the same, in the order of the lines. Of several equal files, each is paired with the
  /// first.
  public private(set) var duplicates: [Duplicate] = []
  /// The classes, the largest first.
  public private(set) var classes: [ClassSize] = []
  /// The number of songs without a class.
  public private(set) var withoutClass = 0
  /// Artists and albums that several parts share.
  public private(set) var shared: [Shared] = []
  /// The kind of label that parts must not share; nil if sharing is allowed.
  public private(set) var apart: GroupingKey?

  init(partNames: [String], songs: [ListedSong]) {
    self.partNames = partNames
    self.songs = songs
  }

  /// Classes of a single song: its query has nothing to find.
  public var singletonClasses: [ClassSize] { classes.filter { $0.total == 1 } }

  /// The number of problems: those of files, duplicates, classes of one song, and labels that must not be shared.
  public var problemCount: Int {
    files.count + duplicates.count + singletonClasses.count + shared.count { $0.label == apart }
  }
}

// MARK: - Finding

extension DatasetFindings {
  mutating func addFiles(_ inspected: [ExactPath: Result<SongInspection, AudioDecodingError>], shortest: Double) {
    var parts: [ExactPath: [String]] = [:]
    for song in songs { parts[ExactPath(song.path), default: []].append(song.part) }
    var seen: Set<ExactPath> = []
    for song in songs where seen.insert(ExactPath(song.path)).inserted {
      func add(_ problem: FileProblem, _ detail: String) {
        files.append(
          FileFinding(path: song.path, parts: parts[ExactPath(song.path)] ?? [], problem: problem, detail: detail))
      }
      switch inspected[ExactPath(song.path)] {
      case .failure(let error): add(error.kind == .missing ? .missing : .undecodable, error.reason)
      case .success(let found):
        let seconds = "\((found.seconds * 10).rounded() / 10) s"
        if found.peak < SilenceThreshold.peak {
          add(.silent, seconds)
        } else if found.middlePeak < SilenceThreshold.peak {
          add(.silentMiddle, seconds)
        }
        for note in found.notes {
          switch note {
          case .truncated, .brokenLinks: add(.truncated, note.description)
          case .cancellingChannels: add(.cancelling, note.description)
          case .headerLength, .unusableCueSheet, .silent: break
          }
        }
        if found.seconds < shortest { add(.short, seconds) }
      case nil: preconditionFailure("\(song.path) was not inspected")
      }
    }
  }

  mutating func addDuplicates(_ inspected: [ExactPath: Result<SongInspection, AudioDecodingError>]) {
    var firsts = (paths: [ExactPath: Int](), bytes: [String: Int](), samples: [SoundDigest: Int]())
    var distinct: [(index: Int, fingerprint: SoundFingerprint)] = []
    var found: [(Int, Int, Likeness, Double, Int)] = []
    for (index, song) in songs.enumerated() {
      if let first = firsts.paths[ExactPath(song.path)] {
        found.append((first, index, .path, 1, 0))
        continue
      }
      firsts.paths[ExactPath(song.path)] = index
      // All silent files sound the same; they are reported as silent instead.
      guard case .success(let sound)? = inspected[ExactPath(song.path)], sound.peak >= SilenceThreshold.peak else {
        continue
      }
      if let first = firsts.bytes[sound.content] {
        found.append((first, index, .bytes, 1, 0))
      } else if let first = firsts.samples[sound.sound] {
        found.append((first, index, .samples, 1, 0))
      } else {
        distinct.append((index, sound.fingerprint))
      }
      if firsts.bytes[sound.content] == nil { firsts.bytes[sound.content] = index }
      if firsts.samples[sound.sound] == nil { firsts.samples[sound.sound] = index }
    }
    for match in DuplicateSearch().matches(in: distinct.map(\.fingerprint)) {
      found.append(
        (distinct[match.first].index, distinct[match.second].index, .sound, match.similarity, match.shift))
    }
    duplicates = found.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { first, second, likeness, similarity, shift in
      Duplicate(
        first: songs[first], second: songs[second], likeness: likeness, similarity: similarity,
        offset: Double(shift) * SoundFingerprint.secondsPerFrame)
    }
  }

  mutating func addClasses() {
    withoutClass = songs.count { $0.song.className.isEmpty }
    let names = songs.map { $0.song.className.isEmpty ? nil : NameKey.key(of: $0.song.className) }
    classes = sizes(names).map { ClassSize(name: $0.first.song.className, songs: $0.counts) }
      .sorted { ($1.total, $0.name) < ($0.total, $1.name) }
  }

  mutating func addStraddling(apart: GroupingKey?) {
    self.apart = apart
    for label in GroupingKey.allCases {
      let found = sizes(label.numbers(of: songs.map { ($0.song, $0.path) })).filter { item in
        item.counts.count { $0 > 0 } > 1
      }
      shared += found.map {
        Shared(label: label, name: label == .album ? $0.first.song.album : $0.first.song.artist, songs: $0.counts)
      }
    }
  }

  /// The number of songs with each label in each part, in the order in which the labels first appear. Songs without a
  /// label are left out.
  private func sizes<Label: Hashable>(_ labels: [Label?]) -> [(first: ListedSong, counts: [Int])] {
    let parts = Dictionary(partNames.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    var rows: [Label: Int] = [:]
    var result: [(first: ListedSong, counts: [Int])] = []
    for (song, label) in zip(songs, labels) {
      guard let label, let part = parts[song.part] else { continue }
      let row = rows[label] ?? result.count
      if row == result.count {
        rows[label] = row
        result.append((song, [Int](repeating: 0, count: partNames.count)))
      }
      result[row].counts[part] += 1
    }
    return result
  }
}
