import Catalogue
import Reproducibility

/// What a listener's events say of how alike songs are, as answers to one kind of question: which of three songs does not
/// belong?
struct EarAnswers {
  /// One answer.
  struct Answer: Sendable, Hashable {
    /// The song that does not belong, and the two that do.
    var odd, one, other: TrackID
    /// What it was taken from.
    var kind: EarLesson.Source

    var songs: [TrackID] { [odd, one, other] }

    /// How much it counts: as far as its kind says what was asked. Lists and marks are deliberate, but of more than the
    /// sound; a skip may be for any reason.
    var count: Double {
      switch kind {
      case .questions: 1
      case .together, .playlists, .marks: 0.5
      case .skips: 0.25
      }
    }
  }

  /// All answers, those that were asked for first, the oldest first.
  let answers: [Answer]

  /// How many songs each song of a list, or each mark, is compared with.
  private static let perSong = 2
  /// At most so many answers are taken from one list, and from all marks.
  private static let mostOfList = 60, mostOfMarks = 200

  /// The answers of a catalogue's events and playlists, of songs that a model has heard.
  ///
  /// - Parameters:
  ///   - heard: The songs that may take part, from which songs of chance are drawn.
  ///   - playlists: The songs of each playlist of the library.
  init(events: [Event], playlists: [[TrackID]], heard: [TrackID], randomSeed: UInt64) {
    let known = Set(heard)
    var generator = SeededGenerator(seed: randomSeed)
    var answers = events.filter { $0.kind == .oddOneOut && $0.songs.count == 3 && known.isSuperset(of: $0.songs) }
      .map { Answer(odd: $0.songs[0], one: $0.songs[1], other: $0.songs[2], kind: .questions) }

    func add(_ list: [TrackID], _ kind: EarLesson.Source) {
      let songs = Set(list).intersection(known).sorted { $0.rawValue < $1.rawValue }
      // A list of half of all songs says nothing.
      guard songs.count > 1, songs.count * 2 < heard.count else { return }
      let own = Set(songs)
      let drawn = songs.flatMap { song in Array(repeating: song, count: Self.perSong) }.shuffled(using: &generator)
      for song in drawn.prefix(Self.mostOfList) {
        guard let other = songs.filter({ $0 != song }).randomElement(using: &generator) else { continue }
        var odd = heard.randomElement(using: &generator)
        while let drawn = odd, own.contains(drawn) { odd = heard.randomElement(using: &generator) }
        guard let odd else { continue }
        answers.append(Answer(odd: odd, one: song, other: other, kind: kind))
      }
    }
    for event in events where event.kind == .together { add(event.songs, .together) }
    for list in playlists { add(list, .playlists) }

    /// The songs whose last event of these kinds is of the first.
    func marked(_ kind: Event.Kind, among kinds: Set<Event.Kind>) -> [TrackID] {
      var last: [TrackID: Event.Kind] = [:]
      for event in events where kinds.contains(event.kind) {
        for song in event.songs where known.contains(song) { last[song] = event.kind }
      }
      return last.keys.filter { last[$0] == kind }.sorted { $0.rawValue < $1.rawValue }
    }
    let liked = marked(.liked, among: [.liked, .disliked])
    for (kind, source) in [(Event.Kind.disliked, EarLesson.Source.marks), (.skipped, .skips)] {
      let others = marked(
        kind, among: kind == .skipped ? [.skipped, .played, .liked, .disliked] : [.liked, .disliked])
      guard liked.count > 1 else { break }
      let drawn = others.flatMap { song in Array(repeating: song, count: Self.perSong) }.shuffled(using: &generator)
      for odd in drawn.prefix(Self.mostOfMarks) {
        let pair = liked.shuffled(using: &generator).prefix(2)
        answers.append(Answer(odd: odd, one: pair[0], other: pair[1], kind: source))
      }
    }
    self.answers = answers
  }
}
