/// Runs an operation to its end although the surrounding task may be cancelled: recording how an attempt ended is the
/// one thing a cancellation must not stop.
public func withoutCancellation<Success: Sendable>(_ operation: @escaping @Sendable () async -> Success) async
  -> Success
{
  await Task { await operation() }.value
}
