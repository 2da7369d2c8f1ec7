import Synchronization

/// The worker's places: fetching never asks for more tasks than are free.
final class Slots: Sendable {
  private let count: Int
  private let used = Mutex(0)

  init(_ count: Int) {
    self.count = count
  }

  var taken: Int { used.withLock { $0 } }

  var free: Int { count - taken }

  func take(_ number: Int) { used.withLock { $0 += number } }

  func release() { used.withLock { $0 -= 1 } }
}
