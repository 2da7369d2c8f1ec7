import Synchronization

/// Memory for bodies that are being read and worked on and for long answers that are being written, counted over all
/// requests: many clients that each keep to the limit of one body must not fill the machine together.
final class BufferRoom: Sendable {
  private let limit: Int
  private let used = Mutex(0)

  init(bytes limit: Int) {
    self.limit = limit
  }

  /// Whether there was room for so many bytes more; they are taken then.
  func take(_ bytes: Int) -> Bool {
    used.withLock { used in
      guard used + bytes <= limit else { return false }
      used += bytes
      return true
    }
  }

  /// Takes bytes whether there is room or not, for what can't be refused any more.
  func takeAnyway(_ bytes: Int) {
    used.withLock { $0 += bytes }
  }

  /// Gives bytes back.
  func giveBack(_ bytes: Int) {
    used.withLock { $0 -= bytes }
  }
}
