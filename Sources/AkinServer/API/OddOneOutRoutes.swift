import Catalogue
import Foundation
import Hummingbird
import MusicLibrary
import Synchronization

/// Questions to the listener: which of three songs does not belong? The answers are kept, and learned from.
struct OddOneOutRoutes {
  let library: ServedLibrary
  private let learner = EarLearner()

  init(library: ServedLibrary) { self.library = library }

  func add(to api: RouterGroup<ServerContext>) {
    let (library, learner) = (library, learner)
    api.get("odd-one-out") { request, _ in
      _ = try RequestParameters(request, known: [])
      return try await library.answer { snapshot in
        var generator = SystemRandomNumberGenerator()
        let songs = try snapshot.asked(in: library.catalogue).oddOneOut(using: &generator)
        guard let songs else {
          throw Problem(.conflict, "a question needs three songs that are neither blocked nor copies of each other")
        }
        let model = try snapshot.asked(in: library.catalogue).model
        return Question(
          songs: songs.map { SongJSON($0, in: snapshot.collection) },
          answered: try library.catalogue.events([.oddOneOut]).count,
          learned: try EarLearning(catalogue: library.catalogue, model: model).lastLesson())
      }
    }
    api.post("odd-one-out") { request, _ in
      let body = try await request.json(Answer.self)
      return try await library.answer { snapshot in
        for song in body.songs { _ = try snapshot.collection.song(song) }
        let id = try library.catalogue.record(
          .oddOneOut, songs: body.songs, source: "akin", time: Date().timeIntervalSince1970)
        if try library.catalogue.events([.oddOneOut]).count.isMultiple(of: Self.answersToLearn) {
          let model = try snapshot.asked(in: library.catalogue).model
          learner.learn(EarLearning(catalogue: library.catalogue, model: model), note: library.note)
        }
        return EventJSON(id: id)
      }
    }
  }

  /// After so many answers what they say is learned anew.
  private static let answersToLearn = 10

  private struct Question: Encodable {
    let songs: [SongJSON]
    /// How many questions were answered before.
    let answered: Int
    /// What was learned from answers by now; null if nothing was tried.
    let learned: EarLesson?
  }

  private struct Answer: Decodable {
    /// The odd one, and the others.
    let songs: [TrackID]

    init(from decoder: any Decoder) throws {
      let object = try decoder.object(known: ["songs", "odd"])
      let asked = try object.decode([Int64].self, forKey: AnyKey(stringValue: "songs"))
      let odd = try object.decode(Int64.self, forKey: AnyKey(stringValue: "odd"))
      guard asked.count == 3, Set(asked).count == 3, asked.contains(odd) else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "songs are three, and odd is one of them"))
      }
      songs = ([odd] + asked.filter { $0 != odd }).map(TrackID.init)
    }
  }
}

/// Learns on a thread of its own, one learning at a time. What it adopts answers from the next look at the library on.
private final class EarLearner: Sendable {
  private let isLearning = Mutex(false)

  func learn(_ learning: EarLearning, note: @escaping @Sendable (String) -> Void) {
    let begins = isLearning.withLock { isLearning in
      defer { isLearning = true }
      return !isLearning
    }
    guard begins else { return }
    Thread.detachNewThread {
      // Tried again after the next answers.
      do { _ = try learning.learn() } catch { note("could not learn from answers: \(error)") }
      self.isLearning.withLock { $0 = false }
    }
  }
}
