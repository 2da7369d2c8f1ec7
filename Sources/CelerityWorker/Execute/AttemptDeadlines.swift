import CelerityTasks

/// When something must happen to an attempt, on monotone time, and why its code should stop. A value without a clock.
struct AttemptDeadlines: Sendable, Hashable {
  /// The weightiest reason to stop so far.
  private(set) var stop: StopReason?
  /// When the lease has surely ended unless it is extended.
  private(set) var lease: Duration
  private let cancelGrace: Duration
  private var soft: Duration?
  private var hard: Duration?
  /// When code that was told to stop is waited for no longer.
  private var abandonment: Duration?

  /// An attempt whose code has not begun.
  init(lease: Duration, cancelGrace: Duration) {
    self.lease = lease
    self.cancelGrace = cancelGrace
  }

  /// The code begins: its limits count from here. A soft limit that is not below the hard one has no meaning.
  mutating func begin(at now: Duration, soft: Duration?, hard: Duration?) {
    self.hard = hard.map { now + $0 }
    self.soft = soft.flatMap { soft in hard.map { soft < $0 } ?? true ? now + soft : nil }
  }

  /// The lease was extended.
  mutating func extend(until end: Duration) {
    lease = max(lease, end)
  }

  /// Notes a reason to stop; a weightier one that is known stays. The code then has the grace to end, except after its
  /// soft limit: from there its hard limit counts.
  mutating func stop(_ reason: StopReason, at now: Duration) {
    if let stop, stop.weight >= reason.weight { return }
    stop = reason
    guard reason != .softTimeLimit else { return }
    abandonment = min(abandonment ?? .seconds(Int64.max), now + (reason == .timeLimit ? .zero : cancelGrace))
  }

  /// Does what is due; whether the code is waited for no longer.
  mutating func enforce(at now: Duration) -> Bool {
    if now >= lease { stop(.leaseLost, at: now) }
    if let hard, now >= hard {
      stop(.timeLimit, at: now)
      abandonment = now
    } else if let soft, now >= soft {
      stop(.softTimeLimit, at: now)
      self.soft = nil
    }
    return abandonment.map { now >= $0 } ?? false
  }

  /// When to look again.
  var next: Duration? {
    [stop == .leaseLost ? nil : lease, soft, hard, abandonment].compactMap(\.self).min()
  }
}

extension StopReason {
  /// A lost lease outweighs all: nothing may be settled. A person's wish comes before the worker's, the worker's before
  /// a limit's.
  fileprivate var weight: Int {
    switch self {
    case .softTimeLimit: 0
    case .timeLimit: 1
    case .shutdown: 2
    case .cancelled: 3
    case .leaseLost: 4
    }
  }
}
