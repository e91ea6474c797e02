import Catalogue
import Foundation
import Hummingbird
import MusicLibrary
import SongModels
import Synchronization

/// How good the recommendations are in this collection, measured once for each state of it, beside all else.
final class ServedQuality: Sendable {
  private enum State {
    case none, measuring
    case measured(version: Int, Answer)
    case failed(version: Int, reason: String)
  }

  private struct Answer: Encodable, Sendable {
    let quality: LibraryQuality
    /// Songs for which others of their artist, album or genre are far down the list.
    let worst: [Worst]
  }

  private struct Worst: Encodable, Sendable {
    let question: LibraryQuality.Question
    let songs: [SongJSON]
  }

  private struct Measuring: Encodable {
    let measuring = true
  }

  private let library: ServedLibrary
  private let state = Mutex(State.none)

  init(_ library: ServedLibrary) { self.library = library }

  func add(to api: RouterGroup<ServerContext>) {
    api.get("quality") { request, _ in
      _ = try RequestParameters(request, known: [])
      return try await self.library.run { try self.answer($0) }
    }
  }

  /// What was measured, or with the status 202 that it is not yet.
  private func answer(_ snapshot: ServedLibrary.Snapshot) throws -> JSONAnswer {
    switch state.withLock({ $0 }) {
    case .measured(let version, let answer) where version == snapshot.version: return JSONAnswer(answer)
    case .failed(let version, let reason) where version == snapshot.version: throw Problem(.conflict, reason)
    case .measuring: break
    case .none, .measured, .failed: try start(snapshot)
    }
    return JSONAnswer(Measuring(), status: .accepted)
  }

  private func start(_ snapshot: ServedLibrary.Snapshot) throws {
    let model = try snapshot.asked(in: library.catalogue).model
    let isFirst = state.withLock { state in
      if case .measuring = state { return false }
      state = .measuring
      return true
    }
    guard isFirst else { return }
    Thread.detachNewThread { [self] in
      let measured: State
      do {
        let quality = try LibraryQuality(catalogue: library.catalogue, model: model)
        let worst = (quality.models.first?.answers ?? []).map { answer in
          Worst(
            question: answer.question,
            songs: answer.worst.compactMap(snapshot.collection.track).map { SongJSON($0, in: snapshot.collection) })
        }
        measured = .measured(version: snapshot.version, Answer(quality: quality, worst: worst))
      } catch {
        measured = .failed(version: snapshot.version, reason: "\(error)")
      }
      state.withLock { $0 = measured }
    }
  }
}
