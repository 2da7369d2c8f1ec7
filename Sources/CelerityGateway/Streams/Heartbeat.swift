/// When a stream has been silent for so long that a proxy might think it dead.
///
/// One clock ticks for all streams, so a sign of life is due one tick early: `interval` is never exceeded.
struct Heartbeat: Sendable, Hashable {
  /// The longest silence.
  let interval: Duration
  private var last: Duration

  /// The beat of a stream that begins now, on monotone time.
  init(every interval: Duration, now: Duration) {
    self.interval = interval
    last = now
  }

  /// How often to look whether one is due.
  static func tick(for interval: Duration) -> Duration { interval / 3 }

  /// Something was sent.
  mutating func sent(at now: Duration) { last = now }

  /// Whether the silence would get too long until the next look.
  func isDue(at now: Duration) -> Bool { now - last >= interval - Self.tick(for: interval) }
}
