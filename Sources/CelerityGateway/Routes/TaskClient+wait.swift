import CelerityCore
import CelerityRoutes
import CelerityTasks
import ServiceLifecycle

extension TaskClient {
  /// A task's record once it has ended, or as it stands after a time, or when the gateway stops or the client has gone:
  /// somebody who waits must not hold up a shutdown, and nobody waits for an answer that nobody reads.
  func record(_ key: TaskKey, waitingFor wait: Duration, for client: ClientPresence?) async throws -> RecordLookup {
    if wait > .zero {
      let isPromised = try await promised(key) != nil
      let waited = try? await cancelWhenGracefulShutdown {
        guard let client else {
          return try await waiter.wait(for: key, timeout: wait, isPromised: isPromised) as RecordLookup?
        }
        return try await client.whilePresent { try await waiter.wait(for: key, timeout: wait, isPromised: isPromised) }
      }
      if let waited, waited != .unknown { return try await named(waited, key) }
    }
    return try await lookUp(key)
  }
}
