/// Tasks that must not run although they may not have arrived yet (Celery's `revoke`), by id or by stamp.
/// Whoever fetches asks before running.
public protocol RevocationStore: Sendable {
  /// Remembers revocations for a time on the store's clock.
  func revoke(_ revocations: [Revocation], for duration: Duration) async throws(EngineError)

  /// Which of these are revoked.
  func revoked(among candidates: [Revocation], tenant: Tenant) async throws(EngineError) -> Set<Revocation>
}

/// What is revoked.
public enum Revocation: Sendable, Hashable {
  case task(TaskKey)
  /// Every task that carries a stamp with this value.
  case stamp(Tenant, header: String, value: String)
}
