import Synchronization

/// Knows whether the client of a request is still there, for handlers that hold an answer back: nobody should wait on
/// behalf of somebody who has gone.
public final class ClientPresence: Sendable {
  private let untilGone: @Sendable () async -> Void
  private let gone = Atomic(false)

  /// A client; `untilGone` returns when it has closed its side of the connection, or when the surrounding task is
  /// cancelled.
  public init(untilGone: @escaping @Sendable () async -> Void) {
    self.untilGone = untilGone
  }

  /// Whether a wait was ended because the client has gone.
  public var wasMissed: Bool { gone.load(ordering: .relaxed) }

  /// Waits for something as long as the client does; once it has gone the wait is cancelled, and this is `nil`.
  public func whilePresent<Value: Sendable>(
    _ wait: @escaping @Sendable () async throws -> Value
  ) async throws -> Value? {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { try await wait() }
      group.addTask { [self] in
        await untilGone()
        // Cancelled, the other one has its value already.
        if !Task.isCancelled { gone.store(true, ordering: .relaxed) }
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
  }
}
