/// Limits that hold over all workers of a store: rates, concurrency and fair shares.
///
/// A permit of a concurrency limit is held under a lease's token and released by the settlement of that lease, in the
/// same transaction, or when the lease is lost. A permit of a rate is used up.
public protocol PermitStore: Sendable {
  /// Takes all permits a holder asks for, or none of them. A concurrency permit that it holds already is not taken
  /// again; a holder whose lease is lost is denied the first limit it names, without a time.
  func acquire(_ requests: [PermitRequest]) async throws(EngineError) -> [PermitAnswer]

  /// Gives back concurrency permits before the settlement.
  func release(_ holders: [PermitHolder]) async throws(EngineError)
}

/// One limit.
public struct Permit: Sendable, Hashable {
  /// How much a limit allows.
  public enum Limit: Sendable, Hashable {
    /// At most this many holders at once.
    case concurrency(Int)
    /// At most this many in a sliding window of a length, counted by `RateWindow`.
    case rate(Int, per: Duration)
    /// At most this share, 0 to 1, of the holders of the same scope; see `Permit.shareAllows`.
    case fairShare(Double, scope: String)
  }

  /// The limit's name, `task:finance.calculate_var` or `tenant:acme`.
  public var name: String
  public var limit: Limit

  /// A limit by name.
  public init(_ name: String, _ limit: Limit) {
    self.name = name
    self.limit = limit
  }
}

/// Who holds permits.
public struct PermitHolder: Sendable, Hashable {
  public var key: TaskKey
  public var token: Int64

  /// An attempt.
  public init(_ key: TaskKey, token: Int64) {
    self.key = key
    self.token = token
  }
}

/// A wish for permits.
public struct PermitRequest: Sendable, Hashable {
  public var holder: PermitHolder
  public var permits: [Permit]

  /// A wish of a holder.
  public init(_ holder: PermitHolder, permits: [Permit]) {
    self.holder = holder
    self.permits = permits
  }
}

/// The answer to a wish for permits.
public enum PermitAnswer: Sendable, Hashable {
  case granted
  /// The named limit is reached; asking again before makes no sense where a time is given.
  case denied(by: String, retryAfter: Duration?)
}
