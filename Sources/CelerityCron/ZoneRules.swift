/// A stretch of time during which a zone keeps one offset: from `start` up to, not including, `end`.
struct ZoneSpan: Hashable, Sendable {
  /// Stands for the beginning or the end of time; far from both ends of `Int64` so that sums cannot overflow.
  static let forever: Int64 = 1 << 60

  var start = -forever
  var end = forever
  /// Seconds to add to UTC to get the time on the wall.
  var offset: Int64 = 0
}

/// All offsets of one zone: a table of past changes and the rule for those after it.
struct ZoneRules: Sendable {
  /// Largest distance of a local time from UTC; RFC 9636 (section 3.2) recommends ±26 hours at most.
  static let largestOffset: Int64 = 26 * 3600

  /// Instants at which the offset changes, ascending.
  let transitions: [Int64]
  /// The offset before the first transition, then the one after each.
  let offsets: [Int64]
  /// What follows the last transition; without it the last offset stays.
  let tail: PosixRule?

  static let utc = ZoneRules(transitions: [], offsets: [0], tail: nil)

  /// The span that holds `instant`.
  func span(at instant: Int64) -> ZoneSpan {
    let index = count(upTo: instant)
    let start = index == 0 ? -ZoneSpan.forever : transitions[index - 1]
    if index == transitions.count, let tail {
      let span = tail.span(at: instant)
      return ZoneSpan(start: max(span.start, start), end: span.end, offset: span.offset)
    }
    let end = index == transitions.count ? ZoneSpan.forever : transitions[index]
    return ZoneSpan(start: start, end: end, offset: offsets[index])
  }

  /// The latest time that the wall clock has ever shown up to and including `instant`.
  ///
  /// Just after the clock was set back this is more than it shows now.
  func latestWallTime(through instant: Int64) -> Int64 {
    var span = span(at: instant)
    var latest = instant + span.offset
    while span.start > instant - 2 * Self.largestOffset {
      span = self.span(at: span.start - 1)
      latest = max(latest, span.end - 1 + span.offset)
    }
    return latest
  }

  /// The first instant at which the wall clock shows `wall` or later.
  func firstInstant(showing wall: Int64) -> Int64 {
    var span = span(at: wall - Self.largestOffset)
    while span.end + span.offset <= wall {
      span = self.span(at: span.end)
    }
    return max(span.start, wall - span.offset)
  }

  /// How many transitions are at or before `instant` (binary search).
  private func count(upTo instant: Int64) -> Int {
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= instant { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
