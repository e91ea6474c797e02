import Foundation
import HTTPTypes
import Synchronization

/// An answer that takes seconds to minutes: made once for each state of the library, on a thread of its own, and kept
/// until the library changes.
final class MadeInTurn: Sendable {
  private enum State {
    case none
    /// How far it is, in 0...1.
    case making(share: Double)
    case made(version: Int, JSONAnswer)
    case failed(version: Int, reason: String)
  }

  private let state = Mutex<State>(.none)

  private struct Making: Encodable {
    let share: Double
  }

  /// The answer; or, with the status 202, how far it is, to be asked again.
  ///
  /// - Parameters:
  ///   - version: The state of the library.
  ///   - make: Makes the answer, and may say how far it is.
  /// - Throws: `Problem` if it cannot be made.
  func answer(
    version: Int, make: @escaping @Sendable (_ progress: @escaping @Sendable (Double) -> Void) throws -> JSONAnswer
  ) throws -> JSONAnswer {
    let (state, isFirst) = self.state.withLock { state in
      switch state {
      case .made(version: version, _), .failed(version: version, _), .making: return (state, false)
      case .none, .made, .failed:
        state = .making(share: 0)
        return (state, true)
      }
    }
    if isFirst { Thread.detachNewThread { self.make(version: version, make) } }
    switch state {
    case .made(_, let answer): return answer
    case .failed(_, let reason): throw Problem(.conflict, reason)
    case .making(let share): return JSONAnswer(Making(share: share), status: .accepted)
    case .none: return JSONAnswer(Making(share: 0), status: .accepted)
    }
  }

  private func make(
    version: Int, _ make: (_ progress: @escaping @Sendable (Double) -> Void) throws -> JSONAnswer
  ) {
    let made: State
    do {
      made = .made(version: version, try make { share in self.state.withLock { $0 = .making(share: share) } })
    } catch {
      made = .failed(version: version, reason: "\(error)")
    }
    state.withLock { $0 = made }
  }
}
