/// A time in which no stream could be read.
struct Outage: Sendable {
  var patience: Duration
  private var start: ContinuousClock.Instant?
  private var wasTold = false
  private var lastSoonAttempt: ContinuousClock.Instant?

  init(patience: Duration) { self.patience = patience }

  /// Another attempt failed at a moment; whether it is the first that a person should be told of. A stream that ended in
  /// order is first opened again without a word: proxies end old connections.
  @discardableResult
  mutating func begin(isQuiet: Bool, at now: ContinuousClock.Instant) -> Bool {
    if start == nil { start = now }
    guard !wasTold, !isQuiet else { return false }
    wasTold = true
    return true
  }

  /// Reading works again; whether a person was told that it did not.
  mutating func end() -> Bool {
    defer {
      start = nil
      wasTold = false
    }
    return wasTold
  }

  /// Whether it has lasted longer than patience does.
  func isTooLong(at now: ContinuousClock.Instant) -> Bool {
    start.map { patience == .zero || now - $0 > patience } ?? false
  }

  /// How long to wait before the next attempt. One comes soon, mostly a gateway was just started again; but not one
  /// after the other, or a server that closes each stream at once would be hammered.
  mutating func pause(asked: Int?, at now: ContinuousClock.Instant) -> Duration {
    let base = Duration.milliseconds(min(max(asked ?? 1000, 100), 10_000))
    if let last = lastSoonAttempt, now - last < .seconds(5) { return base }
    lastSoonAttempt = now
    return min(base, .milliseconds(200))
  }
}
