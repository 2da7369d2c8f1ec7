import CelerityCore
import CelerityTasks
import ServiceLifecycle

extension TaskClient {
  /// A task's record once it has ended, or as it stands after a time, or when the gateway stops: somebody who waits must
  /// not hold up a shutdown.
  func record(_ key: TaskKey, waitingFor wait: Duration) async throws -> RecordLookup {
    if wait > .zero {
      let waited = try? await cancelWhenGracefulShutdown { try await waiter.wait(for: key, timeout: wait) }
      if let waited { return waited }
    }
    return try await records.records([key])[0]
  }
}
