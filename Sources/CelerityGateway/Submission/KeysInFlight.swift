import CelerityCore
import CelerityRoutes
import Synchronization

/// Idempotency keys of requests that are being worked on here. Of a request that is not one transaction a second one
/// under the same key could see a half; it is told to wait.
final class KeysInFlight: Sendable {
  private struct Entry: Hashable {
    var tenant: Tenant
    var key: String
  }

  private let entries = Mutex<Set<Entry>>([])

  /// Does something as the only request under a key; throws 409 when there is another. Without a key anybody may.
  func alone<Success: Sendable>(
    _ key: String?, of tenant: Tenant, _ work: () async throws -> Success
  ) async throws -> Success {
    guard let key else { return try await work() }
    let entry = Entry(tenant: tenant, key: key)
    guard entries.withLock({ $0.insert(entry).inserted }) else {
      throw RouteError(
        409, "idempotency-key-in-use", "a request under this Idempotency-Key is still being worked on",
        hint: "send it again in a moment; it will be answered as the first one was", headers: [("Retry-After", "1")])
    }
    defer { entries.withLock { _ = $0.remove(entry) } }
    return try await work()
  }
}
