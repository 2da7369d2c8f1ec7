import CelerityCore
import GRDB
import Synchronization

/// The connections for reading, which change when the file is opened anew under a running store.
final class Readers: Sendable {
  private let pool: Mutex<Result<DatabasePool, EngineError>>

  init(_ pool: DatabasePool) {
    self.pool = Mutex(.success(pool))
  }

  func set(_ pool: Result<DatabasePool, EngineError>) { self.pool.withLock { $0 = pool } }

  /// Reads in a snapshot. A caller that is cancelled gets its answer all the same: it may be the one who records why.
  func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws(EngineError) -> T {
    let pool = try pool.withLock { $0 }.get()
    let result: Result<T, any Error> = await withCheckedContinuation { continuation in
      pool.asyncRead { snapshot in
        continuation.resume(returning: Result { try body(try snapshot.get()) })
      }
    }
    do {
      return try result.get()
    } catch {
      // A pool that was closed under the reader says so by misuse; the reason is known here.
      if case .failure(let end) = self.pool.withLock({ $0 }) { throw end }
      throw EngineError(describing: error)
    }
  }
}
