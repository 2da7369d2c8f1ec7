import Synchronization

/// The worker's free places: fetching never asks for more tasks than there are.
final class Slots: Sendable {
  private let free: Mutex<Int>
  private let total: Int
  private let bell = Bell()

  init(_ count: Int) {
    total = count
    free = Mutex(count)
  }

  /// How many are free, waiting for the first; 0 only when cancelled.
  func available() async -> Int {
    while true {
      let count = free.withLock { $0 }
      if count > 0 || Task.isCancelled { return count }
      await bell.wait()
    }
  }

  func take() { free.withLock { $0 -= 1 } }

  func release() {
    free.withLock { $0 += 1 }
    bell.ring()
  }

  var taken: Int { total - free.withLock { $0 } }
}
