public import CelerityJSON

/// How an attempt ended. Settling is one exhaustive switch over this.
public enum Outcome: Sendable, Hashable {
  /// The result, as JSON.
  case success(RawJSON)
  /// Ended for good.
  case failure(TaskFailure)
  /// To be tried again after a delay, because of a failure; counts as a retry.
  case retry(after: Duration, TaskFailure)
  /// Ended without a result being kept: the record shows SUCCESS with no value.
  case ignored
  /// Ended by a cancellation or an expiry.
  case revoked(reason: RevocationReason)
  /// Handed back: it runs again as if this attempt had never been; burns neither retry nor crash budget.
  case released(after: Duration, reason: ReleaseReason)
  /// The worker cannot run this: kept as a dead letter, never run and never dropped in silence.
  case rejected(TaskFailure)
}

/// Why a task ended as REVOKED.
public struct RevocationReason: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
  public let rawValue: String

  /// A reason by its word.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// Cancelled before it started.
  public static let revoked = RevocationReason(rawValue: "revoked")
  /// Cancelled while it ran.
  public static let terminated = RevocationReason(rawValue: "terminated")
  /// Its expiry had passed before it started.
  public static let expired = RevocationReason(rawValue: "expired")
  /// Its queue was purged.
  public static let purged = RevocationReason(rawValue: "purged")
  /// A later submission with the same unique key took its place.
  public static let replaced = RevocationReason(rawValue: "replaced")

  public var description: String { rawValue }
}

/// Why a worker handed a task back.
public struct ReleaseReason: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
  public let rawValue: String

  /// A reason by its word.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The worker is stopping.
  public static let shutdown = ReleaseReason(rawValue: "shutdown")
  /// A limit on rate or concurrency had no permit left.
  public static let limited = ReleaseReason(rawValue: "limited")
  /// It was claimed ahead and the slots were busy for longer than was to be expected.
  public static let waited = ReleaseReason(rawValue: "waited")
  /// Other work took its place under its id.
  public static let replaced = ReleaseReason(rawValue: "replaced")

  public var description: String { rawValue }
}
