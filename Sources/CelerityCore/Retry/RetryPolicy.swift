/// When a failed task is tried again.
///
/// Delays follow Marc Brooker, "Exponential Backoff And Jitter" (full jitter): uniform between zero and the
/// capped exponential, so that tasks that failed together do not come back together.
public struct RetryPolicy: Sendable, Hashable {
  /// How delays grow.
  public enum Backoff: Sendable, Hashable {
    /// The same delay each time.
    case fixed(Duration)
    /// `base × factor^retries`, never above `cap`.
    case exponential(base: Duration, factor: Double, cap: Duration)
  }

  /// Retries after the first attempt; 0 means none.
  public var maxRetries: Int
  public var backoff: Backoff
  /// Whether a delay is drawn between zero and the computed one.
  public var hasJitter: Bool
  /// Error types that are never retried, by `TaskFailure.type`.
  public var fatal: Set<String>
  /// Policies of single error types, by `TaskFailure.type`; they win over this one's delays and count.
  public var exceptions: [String: Rule]

  /// Delays and count for one kind of error.
  public struct Rule: Sendable, Hashable {
    public var maxRetries: Int
    public var backoff: Backoff

    /// A rule for one kind of error.
    public init(maxRetries: Int, backoff: Backoff) {
      self.maxRetries = maxRetries
      self.backoff = backoff
    }
  }

  /// A policy.
  public init(
    maxRetries: Int, backoff: Backoff, hasJitter: Bool = true, fatal: Set<String> = [], exceptions: [String: Rule] = [:]
  ) {
    self.maxRetries = maxRetries
    self.backoff = backoff
    self.hasJitter = hasJitter
    self.fatal = fatal
    self.exceptions = exceptions
  }

  /// Failures end the task.
  public static let never = RetryPolicy(maxRetries: 0, backoff: .fixed(.zero))

  /// Doubling delays from `base` up to `cap`, with full jitter.
  public static func exponential(
    max: Int, base: Duration = .seconds(1), factor: Double = 2, cap: Duration = .seconds(600)
  ) -> RetryPolicy {
    RetryPolicy(maxRetries: max, backoff: .exponential(base: base, factor: factor, cap: cap))
  }

  /// The same delay each time, without jitter.
  public static func fixed(max: Int, delay: Duration) -> RetryPolicy {
    RetryPolicy(maxRetries: max, backoff: .fixed(delay), hasJitter: false)
  }

  /// What a failure leads to: the delay before the next attempt, or `nil` when there is none.
  ///
  /// - Parameters:
  ///   - failure: why the attempt failed.
  ///   - retries: how many retries happened before.
  ///   - limit: the message's own maximum, which wins over the policy's.
  ///   - serverDelay: a delay the other side asked for (`Retry-After`): taken as it is, without jitter.
  public func delay(
    after failure: TaskFailure, retries: Int, limit: Int? = nil, serverDelay: Duration? = nil,
    using random: inout some RandomNumberGenerator
  ) -> Duration? {
    let rule = exceptions[failure.type]
    guard !fatal.contains(failure.type), retries < limit ?? rule?.maxRetries ?? maxRetries else { return nil }
    if let serverDelay { return max(.zero, serverDelay) }
    let full = Self.delay((rule?.backoff ?? backoff), retries: retries)
    guard hasJitter, full > .zero else { return full }
    return .microseconds(Int64.random(in: 0...full.microseconds, using: &random))
  }

  private static func delay(_ backoff: Backoff, retries: Int) -> Duration {
    switch backoff {
    case .fixed(let delay):
      return max(.zero, delay)
    case .exponential(let base, let factor, let cap):
      var seconds = base.inSeconds
      for _ in 0..<min(retries, 1000) where seconds < cap.inSeconds { seconds *= factor }
      return .microseconds(Int64((min(max(0, seconds), cap.inSeconds) * 1_000_000).rounded()))
    }
  }
}
