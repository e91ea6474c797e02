import AudioDecoding
import AudioFeatures
import Catalogue
import Files
import Foundation
import MusicLibrary
import NearestNeighbors
import SongModels
import Synchronization
import TestSupport
import Testing

@Suite struct RecommenderTests {
  private let folder: TemporaryFolder
  private let catalogue: Catalogue
  private let paths: [String]

  init() throws {
    folder = try TemporaryFolder()
    catalogue = try Catalogue(path: folder("library.sqlite"))
    paths = try TestSong.writeCollection(kinds: 3, variants: 4, in: folder("music"))
    _ = try Indexer(catalogue: catalogue, model: .mfcc, threads: 2).index([folder("music")])
  }

  @Test(arguments: [EmbeddingModel.mfcc, .mfccStandardised])
  func ranksByTheCosineOfTheModelsSpace(model: EmbeddingModel) throws {
    let recommender = try Recommender(catalogue: catalogue, model: model)
    #expect(recommender.count == 12)
    let stored = try catalogue.embeddings(model: "mfcc-1")
    var rows = stored.ids.indices.map { Array(stored.values[$0 * 140..<($0 + 1) * 140]) }
    if model.standardisesCollection {
      let standardisation = try Standardisation(fitting: stored.values, count: 12, dimension: 140)
      rows = rows.map(standardisation.applied)
    }
    func cosine(_ one: [Float], _ two: [Float]) -> Double {
      let product = zip(one, two).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      func norm(_ row: [Float]) -> Double { row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }
      return product / norm(one) / norm(two)
    }
    var pairs: [Double] = []
    for row in rows.indices { pairs += rows[..<row].map { cosine($0, rows[row]) } }
    pairs.sort()
    let typical = pairs[pairs.count / 2]
    for path in paths {
      let query = try recommender.query(named: path)
      let row = try #require(stored.ids.firstIndex { $0 == query.id })
      let found = try recommender.similar(to: query, count: 11)
      #expect(found.count == 11 && !found.contains { $0.track.path == path })
      let cosines = rows.indices.filter { $0 != row }.map { cosine(rows[$0], rows[row]) }
      let expected = cosines.sorted(by: >).map { cosine -> Double in
        let similarity = (cosine - typical) / (1 - typical)
        return similarity < 0 ? similarity / (1 - similarity) : similarity
      }
      for (one, other) in zip(found, expected) { #expect(abs(Double(one.similarity) - other) < 1e-4) }
    }
  }

  @Test func namesTagsAndFewerSongsThanAskedFor() throws {
    let recommender = try Recommender(catalogue: catalogue, model: .mfccStandardised)
    let query = try recommender.query(named: paths[0])
    let all = try recommender.similar(to: query, count: 1000)
    #expect(all.count == 11)
    let first = try #require(all.first)
    let tags = first.track.tags
    #expect(tags.artist == "Artist 0" && tags.title?.hasPrefix("Song 0-") == true && tags.album != nil)
    #expect(abs(try #require(first.track.duration) - 1) < 0.01)
    // A vector may be any song's, so that none is left out.
    let id = try #require(query.id)
    let embedding = try #require(try catalogue.embedding(of: id, model: "mfcc-1"))
    let itself = try recommender.similar(to: Recommender.Query(embedding: embedding), count: 1)
    #expect(itself.map(\.track.path) == [paths[0]])
  }

  @Test func aFileThatIsNotIndexedIsHeard() throws {
    let recommender = try Recommender(catalogue: catalogue, model: .mfccStandardised)
    try TestSong(kind: 1, variant: 9).write(to: folder("other/new.wav"))
    let query = try recommender.query(named: folder("other/new.wav"))
    #expect(query.id == nil)
    let found = try recommender.similar(to: query, count: 4)
    #expect(found.allSatisfy { $0.track.tags.artist == "Artist 1" })
  }

  @Test func aChangedFileIsHeardAsItIsNow() throws {
    let recommender = try Recommender(catalogue: catalogue, model: .mfccStandardised)
    let before = try recommender.query(named: paths[0])
    try TestSong(kind: 2, variant: 8).write(to: paths[0])
    let after = try recommender.query(named: paths[0])
    #expect(after.id != nil && after.id == before.id)
    let artists = try [before, after].map { try recommender.similar(to: $0, count: 1).first?.track.tags.artist }
    #expect(artists == ["Artist 0", "Artist 2"])
  }

  @Test(arguments: [EmbeddingModel.mfccStandardised, .descriptor])
  func aFileThatWasOnlyTouchedHasTheSameAnswers(model: EmbeddingModel) throws {
    _ = try Indexer(catalogue: catalogue, model: model, threads: 2).index([folder("music")])
    let recommender = try Recommender(catalogue: catalogue, model: model)
    let before = try recommender.similar(to: recommender.query(named: paths[3]), count: 11)
    let later = Date(timeIntervalSinceNow: 60)
    try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: paths[3])
    #expect(try recommender.similar(to: recommender.query(named: paths[3]), count: 11) == before)
  }

  @Test(arguments: ["", "no music any more"])
  func ofAFileThatTurnedBadWhatWasHeardAnswers(content: String) throws {
    let notes = Mutex<[String]>([])
    let recommender = try Recommender(catalogue: catalogue, model: .mfcc) { note in notes.withLock { $0.append(note) } }
    let before = try recommender.similar(to: recommender.query(named: paths[0]), count: 11)
    try Data(content.utf8).write(to: URL(filePath: paths[0]))
    #expect(try recommender.similar(to: recommender.query(named: paths[0]), count: 11) == before)
    let note = try #require(notes.withLock { $0.count == 1 ? $0.first : nil })
    #expect(note.hasPrefix(paths[0]) && note.hasSuffix("What was heard of it before answers."))
    // Another model never heard it.
    let network = try UntrainedModel.make(seed: 1)
    _ = try Indexer(catalogue: catalogue, model: network, threads: 2).index([folder("music/artist 1")])
    let other = try Recommender(catalogue: catalogue, model: network)
    #expect(throws: AudioDecodingError.self) { try other.query(named: paths[0]) }
  }

  @Test func aFileThatIsGoneIsStillKnown() throws {
    try FileManager.default.removeItem(atPath: paths[0])
    let recommender = try Recommender(catalogue: catalogue, model: .mfcc)
    #expect(try recommender.query(named: paths[0]).id != nil)
  }

  @Test(arguments: ["song 1-2", "Song 1-2", "Artist 1 1-2", "Artist 1 – Song 1-2", "  SONG   1-2 "])
  func wordsNameOneSong(words: String) throws {
    let recommender = try Recommender(catalogue: catalogue, model: .mfcc)
    let query = try recommender.query(named: words)
    let id = try #require(query.id)
    #expect(try catalogue.tracks(ids: [id])[id]?.path == paths[6] && query.track?.path == paths[6])
    #expect(try recommender.query(named: paths[6]).track == nil)
  }

  @Test func wordsThatSeveralSongsHaveAreListed() throws {
    let recommender = try Recommender(catalogue: catalogue, model: .mfcc)
    let error = try #require(throws: LibraryError.self) { try recommender.query(named: "artist 1") }
    guard case .ambiguousSong("artist 1", let names) = error else { throw error }
    // Its four songs, and the first songs of the two others.
    #expect(names.count == 6)
    // What is listed can be given.
    for name in names {
      _ = try recommender.query(named: String(name.prefix { $0 != "(" }).trimmingCharacters(in: .whitespaces))
    }
    let many = try #require(throws: LibraryError.self) { try recommender.query(named: "song") }
    guard case .ambiguousSong(_, let some) = many else { throw many }
    #expect(some.count == 11 && some.last == "…")
  }

  @Test func aTitleThatBeginsOthersCanBeNamed() throws {
    let titles = ["Love", "Love Me", "Lovely", "Don\u{2019}t Stop", "Don\u{2019}t Stop Me Now"]
    for (index, title) in titles.enumerated() {
      try TestSong(kind: 0, variant: index).write(
        to: folder("music/love \(index).flac"), tags: AudioTags(title: title, artists: ["B"]))
    }
    _ = try Indexer(catalogue: catalogue, model: .mfcc, threads: 2).index([folder("music")])
    let recommender = try Recommender(catalogue: catalogue, model: .mfcc)
    for (typed, title) in [("love", "Love"), ("don't stop", "Don\u{2019}t Stop"), ("dont stop", "Don\u{2019}t Stop")] {
      let id = try #require(try recommender.query(named: typed).id)
      #expect(try catalogue.tracks(ids: [id])[id]?.tags.title == title)
    }
  }

  @Test func unknownNamesAreErrors() throws {
    let recommender = try Recommender(catalogue: catalogue, model: .mfcc)
    for name in ["no such song", folder("music/nothing.mp3"), "–"] {
      let error = try #require(throws: LibraryError.self) { try recommender.query(named: name) }
      #expect(error == .unknownSong(name, near: []))
    }
    let folderError = try #require(throws: AudioDecodingError.self) { try recommender.query(named: folder("music")) }
    #expect(folderError.kind == .directory)
  }

  @Test func modelsAreNeverMixed() throws {
    let (one, two) = (try UntrainedModel.make(seed: 1), try UntrainedModel.make(seed: 2))
    let error = try #require(throws: LibraryError.self) { try Recommender(catalogue: catalogue, model: one) }
    #expect(error == .nothingIndexed(model: one.name, library: catalogue.path))
    _ = try Indexer(catalogue: catalogue, model: one, threads: 2).index([folder("music/artist 0")])
    _ = try Indexer(catalogue: catalogue, model: two, threads: 2).index([folder("music/artist 1/song 0.flac")])
    let recommender = try Recommender(catalogue: catalogue, model: one)
    #expect(recommender.count == 4)
    let found = try recommender.similar(to: recommender.query(named: paths[0]), count: 20)
    #expect(found.count == 3 && found.allSatisfy { $0.track.tags.artist == "Artist 0" })
    // A song that this model has not heard is not answered with another model's vector.
    try FileManager.default.removeItem(atPath: paths[11])
    #expect(throws: LibraryError.unheardSong("Artist 2 – Song 2-3", model: one.name)) {
      try recommender.query(named: "Song 2-3")
    }
  }

  @Test func theModelThatAnswers() throws {
    let none = try ModelChoice(named: nil, catalogue: nil)
    #expect(none.model.name == "akin")
    #expect(try ModelChoice(named: nil, catalogue: catalogue).model.name == "akin")
    let network = try UntrainedModel.make(seed: 1)
    try catalogue.adopt(network)
    let adopted = try ModelChoice(named: nil, catalogue: catalogue)
    #expect(adopted.model.identifier == network.identifier)
    for name in [network.name, String(network.identifier.prefix(6))] {
      #expect(try ModelChoice(named: name, catalogue: catalogue).model.identifier == network.identifier)
    }
    #expect(try ModelChoice(named: "MFCC", catalogue: catalogue).model.name == "mfcc")
    let error = try #require(throws: ModelError.self) { try ModelChoice(named: "mfc", catalogue: catalogue) }
    #expect(error.remedy == .nameOne && error.model == "mfc")
  }

  @Test func aPlaylistHasOneLineASongAndItsPath() throws {
    let recommender = try Recommender(catalogue: catalogue, model: .mfcc)
    var tracks = try recommender.examples(3)
    (tracks[0].tags, tracks[0].duration) = (
      AudioTags(title: "two\n\u{1b}\u{9b}\u{2028}lines\u{202e}", artists: ["A"]), 61.6
    )
    (tracks[1].tags, tracks[1].duration) = (AudioTags(), nil)
    let playlist = Playlist(tracks: tracks)
    let lines = playlist.m3u.split(separator: "\n").map(String.init)
    #expect(lines.count == 7 && lines[0] == "#EXTM3U")
    #expect(lines[1] == "#EXTINF:62,A - two lines" && lines[2] == tracks[0].path)
    #expect(lines[3] == "#EXTINF:-1,\((tracks[1].path as NSString).lastPathComponent)")
    try playlist.writeM3U(to: folder("list.m3u"))
    #expect(try String(contentsOf: URL(filePath: folder("list.m3u")), encoding: .utf8) == playlist.m3u)
    let error = try #require(throws: FileError.self) { try playlist.writeM3U(to: folder("no/list.m3u")) }
    #expect(error.path == folder("no/list.m3u") && error.reason.contains("folder that it is to lie in is not there"))
  }

  @Test(arguments: [
    ("/m/a.mp3", "/l", "../m/a.mp3"), ("/l/b/a.mp3", "/l", "b/a.mp3"), ("/l/a.mp3", "/l/b/c", "../../a.mp3"),
    ("/a.mp3", "/", "a.mp3"), ("/l/#a.mp3", "/l", "./#a.mp3"), ("/l/ a.mp3", "/l", "./ a.mp3"),
    ("/l/http:/a.mp3", "/l", "./http:/a.mp3"), ("/lx/a.mp3", "/l", "../lx/a.mp3"),
    ("/l/e\u{301}/a.mp3", "/l/\u{e9}", "../e\u{301}/a.mp3"),
    ("/#a.mp3", nil, "/#a.mp3"), ("/ a b.mp3", nil, "/ a b.mp3"), ("/é 音.mp3", nil, "/é 音.mp3"),
    ("/m/a.mp3 ", nil, "file:///m/a.mp3%20"), ("/m/\u{1b}a%.mp3", "/m", "file:///m/%1Ba%25.mp3"),
    ("/m/\u{202e}é", nil, "file:///m/%E2%80%AE%C3%A9"), ("/m/a\nb.mp3", nil, nil), ("/m/a\rb.mp3", "/m", nil),
    ("/m/a\u{85}b.mp3", nil, "file:///m/a%C2%85b.mp3"),
  ])
  func pathsOfAPlaylistAreReadAsTheyAreMeant(path: String, folder: String?, entry: String?) throws {
    var track = try #require(try Recommender(catalogue: catalogue, model: .mfcc).examples(1).first)
    track.path = path
    let m3u = Playlist(tracks: [track]).extendedM3U(relativeTo: folder)
    let lines = m3u.text.components(separatedBy: "\n")
    if let entry {
      #expect(lines.count == 4 && lines[2].utf8.elementsEqual(entry.utf8) && m3u.omitted.isEmpty, "\(lines)")
    } else {
      #expect(lines == ["#EXTM3U", ""] && m3u.omitted == [track])
    }
  }

  @Test func theJSONHasEveryKey() throws {
    let recommender = try Recommender(catalogue: catalogue, model: .mfcc)
    var songs = try recommender.examples(2).map { Recommendation(track: $0, similarity: 0.5) }
    (songs[0].track.path, songs[0].track.duration) = ("/a.flac", 61.5)
    (songs[1].track.path, songs[1].track.tags, songs[1].track.duration) = ("/b.mp3", AudioTags(), nil)
    #expect(
      JSON.text(songs) == """
        [{"album":"Album 0","artist":"Artist 0","duration":61.5,"path":"/a.flac","similarity":0.5,"title":"Song 0-0"},\
        {"album":null,"artist":null,"duration":null,"path":"/b.mp3","similarity":0.5,"title":null}]
        """)
  }
}
