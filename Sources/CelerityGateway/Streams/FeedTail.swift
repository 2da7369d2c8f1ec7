import CelerityCore

/// The newest changes, read once and kept for all streams: whoever is not too far behind reads here and not from the
/// store. Bounded: the oldest go when there are too many.
struct FeedTail: Sendable {
  /// What a stream finds here.
  enum Reading: Sendable, Hashable {
    /// It has seen all there is.
    case current
    /// Changes after its place; all up to `next` are covered.
    case items([FeedItem], next: ChangeNumber)
    /// Its place is before what is kept: the store knows.
    case behind
  }

  /// All changes after this one and up to `end` are here.
  private(set) var start: ChangeNumber
  private(set) var end: ChangeNumber
  private var items: [FeedItem] = []
  private let capacity: Int

  /// An empty tail that begins after a change.
  init(at seq: ChangeNumber, capacity: Int = 4096) {
    start = seq
    end = seq
    self.capacity = capacity
  }

  /// Adds what changed after `end`; all up to `next` was looked at.
  mutating func append(_ new: [FeedItem], upTo next: ChangeNumber) {
    items += new
    end = max(end, next)
    // In one go for many, because the rest moves up.
    if items.count > capacity * 2 {
      start = items[items.count - capacity - 1].seq
      items.removeFirst(items.count - capacity)
    }
  }

  /// Some of what changed after `end` is gone for good: nobody may read over that place here.
  mutating func skip(to next: ChangeNumber) {
    items = []
    end = max(end, next)
    start = end
  }

  /// What a stream at a place reads next.
  func read(after seq: ChangeNumber, limit: Int) -> Reading {
    if seq < start { return .behind }
    if seq >= end { return .current }
    var (low, high) = (0, items.count)
    while low < high {
      let middle = (low + high) / 2
      if items[middle].seq > seq { high = middle } else { low = middle + 1 }
    }
    let page = Array(items[low...].prefix(limit))
    let isLast = low + page.count == items.count
    return .items(page, next: isLast ? end : page.last?.seq ?? end)
  }
}
