import Catalogue
import Foundation
import Hummingbird
import MusicLibrary

/// Questions to the listener: which of three songs does not belong? The answers are kept, to be learned from.
struct OddOneOutRoutes {
  let library: ServedLibrary

  func add(to api: RouterGroup<ServerContext>) {
    let library = library
    api.get("odd-one-out") { request, _ in
      _ = try RequestParameters(request, known: [])
      return try await library.answer { snapshot in
        let answers = try library.catalogue.events([.oddOneOut]).map(\.songs)
        var generator = SystemRandomNumberGenerator()
        let songs = try snapshot.asked(in: library.catalogue).oddOneOut(after: answers, using: &generator)
        guard let songs else {
          throw Problem(.conflict, "a question needs three songs that are neither blocked nor copies of each other")
        }
        return Question(songs: songs.map { SongJSON($0, in: snapshot.collection) }, answered: answers.count)
      }
    }
    api.post("odd-one-out") { request, _ in
      let body = try await request.json(Answer.self)
      return try await library.answer { snapshot in
        for song in body.songs { _ = try snapshot.collection.song(song) }
        return EventJSON(
          id: try library.catalogue.record(
            .oddOneOut, songs: body.songs, source: "akin", time: Date().timeIntervalSince1970))
      }
    }
  }

  private struct Question: Encodable {
    let songs: [SongJSON]
    /// How many questions were answered before.
    let answered: Int
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
