import UnixSignals

/// What Ctrl-C does to a verb: the first cancels it, so that it can say what it leaves behind; the second ends the process.
enum Interrupt {
  /// Runs an operation that the signal cancels.
  static func cancelling(_ operation: @escaping @Sendable () async throws -> Void) async throws {
    let signals = await UnixSignalsSequence(trapping: .sigint)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await operation()
        return true
      }
      group.addTask {
        for await _ in signals { return false }
        return false
      }
      defer { group.cancelAll() }
      guard try await group.next() == false else { return }
      group.cancelAll()
      // A sequence of signals can be gone through only once, and the first was ended by the cancellation.
      let again = await UnixSignalsSequence(trapping: .sigint)
      // Not a child of the group, whose children are cancelled from the start now.
      let ending = Task { for await _ in again { ConsoleLine.end(status: ExitStatus.interrupted.rawValue) } }
      defer { ending.cancel() }
      // What the operation throws while it is cancelled says more than that it was.
      while let finished = try await group.next() { if finished { break } }
      throw ClientError.interrupted
    }
  }
}
