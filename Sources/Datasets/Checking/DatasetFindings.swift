import AudioDecoding
import Foundation

/// What a check found.
public struct DatasetFindings: Sendable {
  /// What can be wrong with one file.
  public enum FileProblem: String, CaseIterable, Sendable {
    /// There is no such file.
    case missing
    /// It cannot be read or decoded.
    case undecodable
    /// No sample of it is louder than −60 dB below full scale.
    case silent
    /// The same of its middle, which is all that a network hears.
    case silentMiddle
    /// It is shorter than asked for, such as the network's excerpt.
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
    /// More about it, such as the decoder's words or the length.
    public var detail: String
  }

  /// How two songs are the same.
  public enum Likeness: String, CaseIterable, Sendable {
    /// The same line in two manifests.
    case path
    /// Different files with the same bytes.
    case bytes
    /// The same samples in another file format, or with other tags.
    case samples
    /// The same recording, encoded, cut or amplified differently.
    case sound
  }

  /// Two songs that are one.
  public struct Duplicate: Sendable, Hashable {
    /// The one that is listed first.
    public var first: ListedSong
    /// The other one.
    public var second: ListedSong
    /// How they are the same.
    public var likeness: Likeness
    /// 1 for equal sound, about 0 for unrelated one.
    public var similarity: Double
    /// How many seconds into the first song the second begins.
    public var offset: Double

    /// Whether they are in different parts of a split.
    public var straddles: Bool { first.part != second.part }
    /// Whether they have different classes.
    public var contradicts: Bool {
      !first.song.className.isEmpty && !second.song.className.isEmpty && first.song.className != second.song.className
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

  /// An artist or album that several parts have.
  public struct Shared: Sendable, Hashable {
    /// What it is.
    public var label: GroupingKey
    /// As the first song has it.
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
  /// Songs that are one, in the order of the lines. Of several equal files each is paired with the first.
  public private(set) var duplicates: [Duplicate] = []
  /// The classes, the largest first.
  public private(set) var classes: [ClassSize] = []
  /// Songs without a class.
  public private(set) var withoutClass = 0
  /// Artists and albums that several parts have.
  public private(set) var shared: [Shared] = []
  /// Which of these must not be shared.
  public private(set) var apart: GroupingKey?

  init(partNames: [String], songs: [ListedSong]) {
    self.partNames = partNames
    self.songs = songs
  }

  /// Classes of a single song, which no query finds.
  public var lonelyClasses: [ClassSize] { classes.filter { $0.total == 1 } }

  /// The number of problems: of files, duplicates, classes of one song, and labels that should not be shared.
  public var problemCount: Int {
    files.count + duplicates.count + lonelyClasses.count + shared.count { $0.label == apart }
  }
}

// MARK: - Finding

extension DatasetFindings {
  mutating func addFiles(_ inspected: [String: Result<SongInspection, AudioDecodingError>], shortest: Double) {
    var places: [String: [String]] = [:]
    for song in songs { places[song.path, default: []].append(song.part) }
    var seen: Set<String> = []
    for song in songs where seen.insert(song.path).inserted {
      func add(_ problem: FileProblem, _ detail: String) {
        files.append(
          FileFinding(path: song.path, parts: places[song.path] ?? [], problem: problem, detail: detail))
      }
      switch inspected[song.path] {
      case .failure(let error): add(error.kind == .missing ? .missing : .undecodable, error.reason)
      case .success(let found):
        let seconds = "\((found.seconds * 10).rounded() / 10) s"
        if found.peak < DatasetCheck.silence {
          add(.silent, seconds)
        } else if found.middlePeak < DatasetCheck.silence {
          add(.silentMiddle, seconds)
        }
        if found.seconds < shortest { add(.short, seconds) }
      case nil: preconditionFailure("\(song.path) was not inspected")
      }
    }
  }

  mutating func addDuplicates(_ inspected: [String: Result<SongInspection, AudioDecodingError>]) {
    var firsts = (paths: [String: Int](), bytes: [String: Int](), samples: [SoundDigest: Int]())
    var distinct: [(index: Int, fingerprint: SoundFingerprint)] = []
    var found: [(Int, Int, Likeness, Double, Int)] = []
    for (index, song) in songs.enumerated() {
      if let first = firsts.paths[song.path] {
        found.append((first, index, .path, 1, 0))
        continue
      }
      firsts.paths[song.path] = index
      // Silence is like silence, and that it is silent is said already.
      guard case .success(let sound)? = inspected[song.path], sound.peak >= DatasetCheck.silence else { continue }
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
    let names = songs.map { $0.song.className.isEmpty ? nil : $0.song.className }
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

  /// The songs with each label in each part, in the order in which the labels first come; those without are left out.
  private func sizes<Label: Hashable>(_ labels: [Label?]) -> [(first: ListedSong, counts: [Int])] {
    let parts = Dictionary(partNames.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    var places: [Label: Int] = [:]
    var result: [(first: ListedSong, counts: [Int])] = []
    for (song, label) in zip(songs, labels) {
      guard let label, let part = parts[song.part] else { continue }
      let place = places[label] ?? result.count
      if place == result.count {
        places[label] = place
        result.append((song, [Int](repeating: 0, count: partNames.count)))
      }
      result[place].counts[part] += 1
    }
    return result
  }
}
