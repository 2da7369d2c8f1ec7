/// Told what becomes of attempts, for metrics. Called on the way of every task, from several threads at once: it counts
/// and returns.
public protocol WorkerTelemetry: Sendable {
  /// Something happened to an attempt. Every attempt has one `received`, one `started` when its code ran, and then one
  /// `ended` or `leaseLost`.
  func observe(_ event: WorkerEvent, of delivery: Delivery)
}

/// What happens to an attempt.
public enum WorkerEvent: Sendable, Hashable {
  /// It was fetched.
  case received
  /// Its code begins. `waited` counts from when the task could have begun; `nil` after a retry, whose delay is not known
  /// here.
  case started(waited: Duration?)
  /// It ended, and its outcome goes to the store; `ran` is `nil` when its code never began (it was revoked, nobody knows
  /// the task, a limit held it back).
  case ended(Outcome, ran: Duration?)
  /// Its lease was lost while it ran: whatever it did is not committed.
  case leaseLost(ran: Duration?)
  /// The store refused its outcome because the lease had been lost.
  case settlementRefused
}

/// Counts nothing.
public struct NoTelemetry: WorkerTelemetry {
  /// Nothing.
  public init() {}

  public func observe(_ event: WorkerEvent, of delivery: Delivery) {}
}

/// Tells several.
public struct EachTelemetry: WorkerTelemetry {
  private let listeners: [any WorkerTelemetry]

  /// Tells these, in this order.
  public init(_ listeners: [any WorkerTelemetry]) { self.listeners = listeners }

  public func observe(_ event: WorkerEvent, of delivery: Delivery) {
    for listener in listeners { listener.observe(event, of: delivery) }
  }
}
