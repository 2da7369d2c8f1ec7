/// An operation took longer than it may.
struct TimeLimitReached: Error {}

/// Runs an operation and cancels it when the time is over; throws `TimeLimitReached` then.
func withTimeLimit<Value: Sendable>(
  _ limit: Duration, _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value?.self) { group in
    group.addTask { try await operation() }
    group.addTask {
      try? await Task.sleep(for: limit)
      return nil
    }
    defer { group.cancelAll() }
    while let finished = try await group.next() {
      if let finished { return finished }
      // The alarm also ends when everything is cancelled; that is told apart by the caller's own cancellation.
      try Task.checkCancellation()
      throw TimeLimitReached()
    }
    throw CancellationError()
  }
}
