import Synchronization

/// Wakes one stream. Rings that come while it is awake are one.
final class StreamBell: Sendable {
  private let changed: Mutex<Bool>
  private let rings = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  /// A bell that has rung for a change already, or not.
  init(hasChange: Bool) { changed = Mutex(hasChange) }

  /// Something changed.
  func ringForChange() {
    changed.withLock { $0 = true }
    rings.continuation.yield()
  }

  /// Time has passed.
  func ring() { rings.continuation.yield() }

  /// Ends the stream.
  func close() { rings.continuation.finish() }

  /// Whether something has changed since this was asked last.
  func takeChange() -> Bool {
    changed.withLock { changed in
      defer { changed = false }
      return changed
    }
  }

  /// Returns when it rings; `false` when the stream is to end: it was closed, or its reader was cancelled.
  func wait() async -> Bool {
    // One reader at a time, and nothing is kept in an iterator.
    var iterator = rings.stream.makeAsyncIterator()
    return await iterator.next() != nil
  }
}

/// A stream's place among those that are open; given up when nobody holds it any more.
final class StreamTicket: Sendable {
  let bell: StreamBell
  private let giveUp: @Sendable () -> Void

  init(bell: StreamBell, giveUp: @escaping @Sendable () -> Void) {
    self.bell = bell
    self.giveUp = giveUp
  }

  deinit { giveUp() }
}
