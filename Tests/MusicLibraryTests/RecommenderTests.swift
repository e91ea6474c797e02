import AudioDecoding
import AudioFeatures
import Catalogue
import Files
import Foundation
import MusicLibrary
import NearestNeighbors
import SongModels
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
    for path in paths {
      let (embedding, id) = try recommender.song(named: path)
      let query = try #require(stored.ids.firstIndex { $0 == id })
      let found = try recommender.similar(to: embedding, count: 11, excluding: id)
      #expect(found.count == 11 && !found.contains { $0.path == path })
      let expected = rows.indices.filter { $0 != query }.map { cosine(rows[$0], rows[query]) }.sorted(by: >)
      for (one, other) in zip(found, expected) { #expect(abs(Double(one.similarity) - other) < 1e-5) }
    }
  }

  @Test func namesTagsAndFewerSongsThanAskedFor() throws {
    let recommender = try Recommender(catalogue: catalogue, model: .mfccStandardised)
    let (embedding, id) = try recommender.song(named: paths[0])
    let all = try recommender.similar(to: embedding, count: 1000, excluding: id)
    #expect(all.count == 11)
    let first = try #require(all.first)
    #expect(first.artist == "Artist 0" && first.title?.hasPrefix("Song 0-") == true && first.album != nil)
    #expect(abs(try #require(first.duration) - 1) < 0.01)
    #expect(try recommender.similar(to: embedding, count: 1).map(\.path) == [paths[0]])
  }

  @Test func aFileThatIsNotIndexedIsHeard() throws {
    let recommender = try Recommender(catalogue: catalogue, model: .mfccStandardised)
    try TestSong(kind: 1, variant: 9).write(to: folder("other/new.wav"))
    let (embedding, id) = try recommender.song(named: folder("other/new.wav"))
    #expect(id == nil)
    let found = try recommender.similar(to: embedding, count: 4, excluding: id)
    #expect(found.allSatisfy { $0.artist == "Artist 1" })
  }

  @Test func aChangedFileIsHeardAsItIsNow() throws {
    let recommender = try Recommender(catalogue: catalogue, model: .mfccStandardised)
    let before = try recommender.song(named: paths[0])
    try TestSong(kind: 2, variant: 8).write(to: paths[0])
    let after = try recommender.song(named: paths[0])
    #expect(after.id == before.id && after.embedding != before.embedding)
  }

  @Test func aFileThatIsGoneIsStillKnown() throws {
    try FileManager.default.removeItem(atPath: paths[0])
    let recommender = try Recommender(catalogue: catalogue, model: .mfcc)
    #expect(try recommender.song(named: paths[0]).id != nil)
  }

  @Test(arguments: ["song 1-2", "Song 1-2", "Artist 1 1-2", "Artist 1 – Song 1-2", "  SONG   1-2 "])
  func wordsNameOneSong(words: String) throws {
    let recommender = try Recommender(catalogue: catalogue, model: .mfcc)
    let id = try #require(try recommender.song(named: words).id)
    #expect(try catalogue.tracks(ids: [id])[id]?.path == paths[6])
  }

  @Test func wordsThatSeveralSongsHaveAreListed() throws {
    let recommender = try Recommender(catalogue: catalogue, model: .mfcc)
    let error = try #require(throws: LibraryError.self) { try recommender.song(named: "artist 1") }
    guard case .ambiguousSong("artist 1", let names) = error else { throw error }
    // Its four songs, and the first songs of the two others.
    #expect(names.count == 6)
    // What is listed can be given.
    for name in names {
      _ = try recommender.song(named: String(name.prefix { $0 != "(" }).trimmingCharacters(in: .whitespaces))
    }
    let many = try #require(throws: LibraryError.self) { try recommender.song(named: "song") }
    guard case .ambiguousSong(_, let some) = many else { throw many }
    #expect(some.count == 11 && some.last == "…")
  }

  @Test func aTitleThatBeginsOthersCanBeNamed() throws {
    for (index, title) in ["Love", "Love Me", "Lovely"].enumerated() {
      try TestSong(kind: 0, variant: index).write(
        to: folder("music/love \(index).flac"), tags: AudioTags(title: title, artist: "B"))
    }
    _ = try Indexer(catalogue: catalogue, model: .mfcc, threads: 2).index([folder("music")])
    let recommender = try Recommender(catalogue: catalogue, model: .mfcc)
    let id = try #require(try recommender.song(named: "love").id)
    #expect(try catalogue.tracks(ids: [id])[id]?.title == "Love")
  }

  @Test func unknownNamesAreErrors() throws {
    let recommender = try Recommender(catalogue: catalogue, model: .mfcc)
    for name in ["no such song", folder("music/nothing.mp3"), "–"] {
      let error = try #require(throws: LibraryError.self) { try recommender.song(named: name) }
      #expect(error == .unknownSong(name))
    }
    let folderError = try #require(throws: AudioDecodingError.self) { try recommender.song(named: folder("music")) }
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
    let (embedding, _) = try recommender.song(named: paths[0])
    #expect(embedding.count == 5)
    #expect(try recommender.similar(to: embedding, count: 20).allSatisfy { $0.artist == "Artist 0" })
    // A song that this model has not heard is not answered with another model's vector.
    try FileManager.default.removeItem(atPath: paths[11])
    #expect(throws: LibraryError.unheardSong("Artist 2 – Song 2-3", model: one.name)) {
      try recommender.song(named: "Song 2-3")
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
    var songs = try recommender.similar(to: recommender.song(named: paths[0]).embedding, count: 3)
    (songs[0].title, songs[0].artist, songs[0].duration) = ("two\nlines", "A", 61.6)
    (songs[1].title, songs[1].artist, songs[1].duration) = (nil, nil, nil)
    let playlist = Playlist(songs: songs)
    let lines = playlist.m3u.split(separator: "\n").map(String.init)
    #expect(lines.count == 7 && lines[0] == "#EXTM3U")
    #expect(lines[1] == "#EXTINF:62,A - two lines" && lines[2] == songs[0].path)
    #expect(lines[3] == "#EXTINF:-1,\((songs[1].path as NSString).lastPathComponent)")
    try playlist.write(to: folder("list.m3u"))
    #expect(try String(contentsOf: URL(filePath: folder("list.m3u")), encoding: .utf8) == playlist.m3u)
    let error = try #require(throws: FileError.self) { try playlist.write(to: folder("no/list.m3u")) }
    #expect(error.path == folder("no/list.m3u") && error.reason.contains("No such file"))
  }
}
