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

extension Revocation {
  /// Whose tasks it is about.
  public var tenant: Tenant {
    switch self {
    case .task(let key): key.tenant
    case .stamp(let tenant, _, _): tenant
    }
  }

  /// One text per revocation, as stores keep it; the separator is a byte that no id and no tenant can hold.
  public var storedName: String {
    switch self {
    case .task(let key): "task\0\(key.tenant)\0\(key.id)"
    case .stamp(let tenant, let header, let value): "stamp\0\(tenant)\0\(header)\0\(value)"
    }
  }
}
