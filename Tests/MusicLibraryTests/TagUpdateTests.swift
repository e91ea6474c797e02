import AudioDecoding
import Catalogue
import Foundation
import GRDB
import MusicLibrary
import SongModels
import Synchronization
import TestSupport
import Testing

@Suite struct TagUpdateTests {
  private let folder: TemporaryFolder
  private let catalogue: Catalogue

  init() throws {
    folder = try TemporaryFolder()
    catalogue = try Catalogue(path: folder("library.sqlite"))
  }

  @discardableResult
  private func index(
    _ name: String = "music", charset: LegacyCharset? = nil, findsCharsets: Bool = false
  ) throws -> Indexer.Summary {
    try Indexer(catalogue: catalogue, model: .mfcc, threads: 2)
      .index([folder(name)], options: .init(charset: charset, findsCharsets: findsCharsets))
  }

  /// A song whose tags an old tagger wrote: the text in a code page, declared as Latin-1.
  private func song(_ name: String, artist: String, title: String) throws {
    try TestSong(kind: 0, variant: 0, seconds: 0.5).write(
      to: folder("music/\(name)"), latin1Title: title, artist: artist)
  }

  private func titles() throws -> [String?] {
    try catalogue.fileStates(under: folder.path, model: nil).map { try catalogue.track(path: $0.path)?.tags.title }
  }

  // "Кино": "Группа крови", "Звезда по имени Солнце", "Пачка сигарет" in CP1251
  private let kino = "Êèíî"
  private let songs = ["Ãðóïïà êðîâè", "Çâåçäà ïî èìåíè Ñîëíöå", "Ïà÷êà ñèãàðåò"]

  @Test func anAlbumInACodePageIsReadAsWhatItIs() throws {
    for (number, title) in songs.enumerated() { try song("\(number).mp3", artist: kino, title: title) }
    try index()
    #expect(try titles() == ["Группа крови", "Звезда по имени Солнце", "Пачка сигарет"])
    #expect(try catalogue.tracks(.artist, named: "КИНО").count == 3)
    // One that comes later is too short to tell, but the album tells; one that does not fit stays as it is.
    try song("3.mp3", artist: kino, title: "Ëåòî")
    try song("4.mp3", artist: "Björk", title: "Jóga")
    try index()
    #expect(try titles().suffix(2) == ["Лето", "Jóga"])
  }

  @Test func aCodePageThatIsNamedSettlesIt() throws {
    try song("0.mp3", artist: "Ïð", title: "Äà")
    try song("1.mp3", artist: "Plain", title: "Plain")
    try index()
    #expect(try titles() == ["Äà", "Plain"])
    let cyrillic = try #require(LegacyCharset(named: "cp1251"))
    let summary = try index(charset: cyrillic)
    #expect(summary.unchanged == 2 && summary.updated == 0)
    #expect(try titles() == ["Да", "Plain"])
    // It stays, also if the file changes, until another one is named.
    try song("0.mp3", artist: "Ïð", title: "Íåò")
    try index()
    #expect(try titles() == ["Нет", "Plain"])
    try index(charset: try #require(LegacyCharset(named: "ISO-8859-1")))
    #expect(try titles() == ["Íåò", "Plain"])
    try index()
    #expect(try titles() == ["Íåò", "Plain"])
  }

  @Test func aCodePageThatWasNamedIsFoundOutAgain() throws {
    for (number, title) in songs.enumerated() { try song("\(number).mp3", artist: kino, title: title) }
    try index(charset: try #require(LegacyCharset(named: "ISO-8859-1")))
    #expect(try titles() == songs && index().tagsRead == 0)
    #expect(try index(findsCharsets: true).tagsRead == 3)
    #expect(try titles() == ["Группа крови", "Звезда по имени Солнце", "Пачка сигарет"])
    // Without enough to tell, tags are as they are.
    try song("short/0.mp3", artist: "Ïð", title: "Äà")
    try index(charset: try #require(LegacyCharset(named: "CP1251")))
    #expect(try titles().last == "Да")
    try index(findsCharsets: true)
    #expect(try titles().last == "Äà")
  }

  @Test func whatDeclaresItsCodePageIsLeftAlone() throws {
    for (number, title) in songs.enumerated() { try song("\(number).mp3", artist: kino, title: title) }
    try TestSong(kind: 0, variant: 0, seconds: 0.5).write(
      to: folder("music/4.flac"), tags: AudioTags(title: "È la vita", artists: ["Ü"]))
    try index()
    #expect(try titles() == ["Группа крови", "Звезда по имени Солнце", "Пачка сигарет", "È la vita"])
    try index(charset: try #require(LegacyCharset(named: "windows-1251")))
    #expect(try titles().last == "È la vita")
  }

  @Test func aStopWhileTagsAreReadIsToldAndKeepsWhatIsDone() throws {
    for number in 0..<4 { try song("\(number).mp3", artist: "A", title: "Title \(number)") }
    try index()
    let database = try DatabaseQueue(path: catalogue.path)
    try database.write { try $0.execute(sql: "UPDATE track SET tagVersion = 0, title = 'Old', checksum = NULL") }
    let done = Atomic<Int>(0)
    let summary = try Indexer(catalogue: catalogue, model: .mfcc, threads: 1).index(
      [folder("music")], shouldStop: { done.load(ordering: .relaxed) >= 2 },
      report: { event in
        if case .readingTags(let count, of: 4) = event { done.store(count, ordering: .relaxed) }
      })
    #expect(summary.wasInterrupted && summary.tagsRead == 2)
    #expect(try titles() == ["Title 0", "Title 1", "Old", "Old"])
    #expect(try index().tagsRead == 2)
  }

  @Test func tagsThatAnEarlierVersionReadAreReadAgainWithoutListening() throws {
    try song("0.mp3", artist: "A", title: "Title")
    try index()
    let database = try DatabaseQueue(path: catalogue.path)
    try database.write { try $0.execute(sql: "UPDATE track SET tagVersion = 0, title = 'Old', checksum = NULL") }
    let revision = try catalogue.revision(model: EmbeddingModel.mfcc.identifier)
    let summary = try index()
    #expect(summary.unchanged == 1 && summary.updated == 0 && summary.seconds == 0 && summary.tagsRead == 1)
    #expect(try titles() == ["Title"] && index().tagsRead == 0)
    #expect(try catalogue.revision(model: EmbeddingModel.mfcc.identifier) == revision)
  }
}
