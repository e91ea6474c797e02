import Catalogue
import MetricLearning
import MusicLibrary
import NearestNeighbors
import Reproducibility
import SearchSpaces
import SongModels
import Testing

@Suite struct QualityTests {
  @Test func whatLiesTogetherIsFound() throws {
    // Two genres a quarter of a turn apart, each of two artists with an album.
    let artists: [(name: String, start: Double, genre: String)] = [
      ("a", 0, "rock"), ("b", 4, "rock"), ("c", 90, "jazz"), ("d", 94, "jazz"),
    ]
    var songs: [InventedLibrary.Song] = []
    for artist in artists {
      for place in 0..<3 {
        songs.append(
          .init(
            degrees: artist.start + Double(place) * 0.7, artist: artist.name, album: "of \(artist.name)",
            genre: artist.genre))
      }
    }
    let library = try InventedLibrary(songs)
    let quality = try LibraryQuality(catalogue: library.catalogue, model: .mfcc)
    #expect(quality.models.map(\.model) == ["mfcc", "mfcc-standardised"])
    #expect(!quality.lacksBaseline)
    let entry = quality.models[0]
    #expect(entry.songs == 12 && entry.lists == 12)
    #expect(entry.answers.map(\.question) == [.artist, .album, .genre])
    for answer in entry.answers {
      #expect(answer.queries == 12)
      #expect(answer.measures.averagePrecision == 1, "\(answer.question)")
    }
    func isNear(_ found: QueryMeasures, _ expected: QueryMeasures) -> Bool {
      abs(found.averagePrecision - expected.averagePrecision) < 1e-12
        && abs(found.reciprocalRank - expected.reciprocalRank) < 1e-12
        && abs(found.precisionAt9 - expected.precisionAt9) < 1e-12
    }
    #expect(isNear(entry.answers[0].chance, QueryMeasures(expectedOfRelevant: 2, among: 11)))
    // Without the two other songs by the artist itself.
    #expect(isNear(entry.answers[2].chance, QueryMeasures(expectedOfRelevant: 3, among: 9)))
  }

  @Test func questionsThatNobodyCanAskAreLeftOut() throws {
    let library = try InventedLibrary((0..<4).map { .init(degrees: Double($0) * 20, artist: "\($0)") })
    let entry = try LibraryQuality(catalogue: library.catalogue, model: .mfcc).models[0]
    #expect(entry.answers.isEmpty)
    let error = #expect(throws: LibraryError.self) {
      try LibraryQuality(catalogue: library.catalogue, model: .descriptor)
    }
    #expect(error == .nothingIndexed(model: "descriptor", library: library.catalogue.path))
  }

  @Test func hubsAreThoseOfTheListsThatListenersSee() throws {
    var generator = SeededGenerator(seed: 3)
    let library = try InventedLibrary(
      (0..<60).map { _ in .init(degrees: generator.uniform() * generator.uniform() * 300) })
    let entry = try LibraryQuality(catalogue: library.catalogue, model: .mfcc).models[0]
    let recommender = try library.recommender
    let tracks = try library.catalogue.tracks(ids: library.ids)
    let lists = try library.ids.map { id in
      let path = try #require(tracks[id]).path
      return library.numbers(try recommender.similar(to: recommender.query(named: path), count: 10))
    }
    let expected = Hubness(nearest: lists, referenceCount: 60)
    #expect(abs(entry.hubs.skewness - expected.skewness) < 1e-9)
    #expect(entry.hubs.largest == expected.largestOccurrence)
    #expect(entry.hubs.nobodysShare == expected.antiHubShare)
    #expect(entry.hubsBefore == nil)
  }

  @Test func aSampleAsksInALargeCollection() throws {
    let library = try InventedLibrary((0..<40).map { .init(degrees: Double($0), artist: "\($0 / 4)") })
    let entry = try LibraryQuality(catalogue: library.catalogue, model: .mfcc, queryCount: 7).models[0]
    #expect(entry.lists == 7 && entry.songs == 40)
    #expect(entry.answers[0].queries == 7)
    #expect(abs(entry.hubs.nobodysShareByChance - 0.1257) < 1e-3)
  }

  @Test(arguments: [EmbeddingModel.descriptor, .mfccStandardised])
  func listsOfManySongsAreThoseOfSingleQuestions(model: EmbeddingModel) throws {
    var generator = SeededGenerator(seed: 5)
    let vectors = (0..<90 * model.dimension).map { _ in Float(generator.normal()) }
    // The last song is a copy of the first.
    let songs = try SongIndex(
      model: model, ids: Array(0...90), embeddings: vectors + vectors.prefix(model.dimension))
    let rows = [3, 0, 77]
    let lists = try songs.nearest(toEach: rows, count: 10)
    for (row, list) in zip(rows, lists.found) {
      let expected = try songs.nearest(to: .row(row), count: 12).map(\.id).filter { $0 != 90 }
      #expect(list == Array(expected.prefix(10)))
    }
    for (row, list) in zip(rows, lists.byCosine) {
      let expected = try songs.index.nearest(to: songs.index.vectors.values(ofRow: row), count: 12).map(\.id)
      #expect(list == Array(expected.filter { $0 != 90 && $0 != row }.prefix(10)))
    }
  }
}
