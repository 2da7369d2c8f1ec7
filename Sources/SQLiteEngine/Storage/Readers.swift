import CelerityCore
import GRDB
import Synchronization

/// The connections for reading. While the file is opened anew under a running store, readers wait as writers do.
final class Readers: Sendable {
  private enum State {
    case open(DatabasePool)
    case paused([CheckedContinuation<Void, Never>])
    case ended(EngineError)
  }

  private let state: Mutex<State>

  init(_ pool: DatabasePool) {
    state = Mutex(.open(pool))
  }

  /// Lets readers wait from now on.
  func pause() { change(to: .paused([])) }

  /// Lets readers go on, on these connections.
  func resume(_ pool: DatabasePool) { change(to: .open(pool)) }

  /// Answers readers with the reason why there is nothing to read any more.
  func end(_ error: EngineError) { change(to: .ended(error)) }

  /// Reads in a snapshot. A caller that is cancelled gets its answer all the same: it may be the one who records why.
  func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws(EngineError) -> T {
    let pool = try await pool()
    let result: Result<T, any Error> = await withCheckedContinuation { continuation in
      pool.asyncRead { snapshot in
        continuation.resume(returning: Result { try body(try snapshot.get()) })
      }
    }
    do {
      return try result.get()
    } catch {
      // A pool that was closed just before says so by misuse.
      let isClosed = (error as? DatabaseError)?.resultCode == .SQLITE_MISUSE && !isOpen(pool)
      guard isClosed else { throw EngineError(describing: error) }
    }
    return try await read(body)
  }

  private func pool() async throws(EngineError) -> DatabasePool {
    while true {
      switch state.withLock({ $0 }) {
      case .open(let pool): return pool
      case .ended(let error): throw error
      case .paused: await waitForChange()
      }
    }
  }

  private func isOpen(_ pool: DatabasePool) -> Bool {
    state.withLock { if case .open(let present) = $0 { present === pool } else { false } }
  }

  private func waitForChange() async {
    await withCheckedContinuation { continuation in
      let isLate = state.withLock { state in
        guard case .paused(let waiting) = state else { return true }
        state = .paused(waiting + [continuation])
        return false
      }
      if isLate { continuation.resume() }
    }
  }

  private func change(to next: State) {
    let waiting = state.withLock { state in
      defer { state = next }
      if case .paused(let waiting) = state { return waiting }
      return []
    }
    for continuation in waiting { continuation.resume() }
  }
}
