import Catalogue
import Hummingbird
import MusicLibrary
import SongModels

/// How good the recommendations are in this collection.
struct ServedQuality: Sendable {
  let library: ServedLibrary
  private let quality = MadeInTurn()

  init(_ library: ServedLibrary) { self.library = library }

  private struct Answer: Encodable {
    let quality: LibraryQuality
    /// Songs for which others of their artist, album or genre are far down the list.
    let worst: [Worst]
  }

  private struct Worst: Encodable {
    let question: LibraryQuality.Question
    let songs: [SongJSON]
  }

  func add(to api: RouterGroup<ServerContext>) {
    api.get("quality") { request, _ in
      _ = try RequestParameters(request, known: [])
      return try await library.run(answer)
    }
  }

  private func answer(_ snapshot: ServedLibrary.Snapshot) throws -> JSONAnswer {
    let catalogue = library.catalogue
    let model = try snapshot.asked(in: catalogue).model
    return try quality.answer(version: snapshot.version) { _ in
      let quality = try LibraryQuality(catalogue: catalogue, model: model)
      let worst = (quality.models.first?.answers ?? []).map { answer in
        Worst(
          question: answer.question,
          songs: answer.worst.compactMap(snapshot.collection.track).map { SongJSON($0, in: snapshot.collection) })
      }
      return JSONAnswer(Answer(quality: quality, worst: worst))
    }
  }
}
