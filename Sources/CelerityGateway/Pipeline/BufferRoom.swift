import Synchronization

/// Memory for bodies that are being read and worked on, counted over all requests: many clients that each keep to the
/// limit of one body must not fill the machine together.
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

  /// Gives bytes back.
  func giveBack(_ bytes: Int) {
    used.withLock { $0 -= bytes }
  }
}
