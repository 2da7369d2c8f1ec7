/// How many tasks a worker claims beyond its free slots. Who asks a store for one short task at a time spends more on asking
/// than on the work; so while its latest tasks were short, a worker claims as many as its slots run within a horizon. One
/// that was long, and it claims none ahead until short ones have come again. A value without a clock.
struct ClaimAhead: Sendable, Hashable {
  /// Most tasks for each slot, and in all: what waits here is lost to other workers for as long.
  static let mostPerSlot = 32
  static let most = 256

  /// How long a claimed task may be expected to wait for a slot; zero: none waits.
  let horizon: Duration
  /// About how long the latest tasks ran; `nil` before the first.
  private var typical: Duration?

  init(horizon: Duration) {
    self.horizon = horizon
  }

  /// A task has ended. A short one counts an eighth, as measurements of round trips do (RFC 6298), a long one wholly.
  mutating func note(ran: Duration) {
    guard let typical, ran < horizon else { return self.typical = ran }
    self.typical = typical + (ran - typical) / 8
  }

  /// Claimed tasks had to wait longer than they should have.
  mutating func noteDelay() { typical = horizon * 2 }

  /// How many tasks may wait for so many slots.
  func allowed(slots: Int) -> Int {
    guard let typical, typical < horizon else { return 0 }
    let each = min(Double(Self.mostPerSlot), horizon / max(typical, .microseconds(1)))
    return min(Self.most, Int(each) * slots)
  }
}
