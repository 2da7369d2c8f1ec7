import CelerityCore
import CelerityRoutes
import CelerityTasks
import ServiceLifecycle

extension TaskClient {
  /// A task's record once it has ended, or as it stands after a time, or when the gateway stops or the client has gone:
  /// somebody who waits must not hold up a shutdown, and nobody waits for an answer that nobody reads.
  func record(_ key: TaskKey, waitingFor wait: Duration, for client: ClientPresence?) async throws -> RecordLookup {
    if wait > .zero {
      let waited = try? await cancelWhenGracefulShutdown {
        guard let client else { return try await waiter.wait(for: key, timeout: wait) as RecordLookup? }
        return try await client.whilePresent { try await waiter.wait(for: key, timeout: wait) }
      }
      if let waited { return waited }
    }
    return try await records.records([key])[0]
  }
}
