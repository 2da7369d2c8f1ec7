import NIOCore
import Synchronization

/// Commands sent together and the one who waits for their replies. It ends once: with all replies, with an error, or
/// because the caller gave up; replies that come later are thrown away.
final class Pipeline: Sendable {
  private struct State {
    var replies: [RESPValue] = []
    var continuation: CheckedContinuation<[RESPValue], any Error>?
    /// The end when it came before anybody waited.
    var early: Result<[RESPValue], any Error>?
    var hasEnded = false
  }

  let commands: [RESPCommand]
  let expectsReplies: Bool
  private let state = Mutex(State())

  init(_ commands: [RESPCommand], expectsReplies: Bool = true) {
    self.commands = commands
    self.expectsReplies = expectsReplies
    state.withLock { $0.replies.reserveCapacity(commands.count) }
  }

  /// All replies, in the order of the commands.
  func outcome() async throws -> [RESPValue] {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let early = state.withLock { state -> Result<[RESPValue], any Error>? in
          if state.early == nil { state.continuation = continuation }
          return state.early
        }
        if let early { continuation.resume(with: early) }
      }
    } onCancel: {
      end(.failure(CancellationError()))
    }
  }

  /// Takes the next reply.
  func receive(_ reply: RESPValue) {
    let replies = state.withLock { state -> [RESPValue]? in
      guard !state.hasEnded else { return nil }
      state.replies.append(reply)
      return state.replies.count == commands.count ? state.replies : nil
    }
    if let replies { end(.success(replies)) }
  }

  /// Ends it, unless it has ended.
  func end(_ result: Result<[RESPValue], any Error>) {
    let continuation = state.withLock { state -> CheckedContinuation<[RESPValue], any Error>? in
      guard !state.hasEnded else { return nil }
      state.hasEnded = true
      state.replies = []
      if state.continuation == nil { state.early = result }
      return state.continuation.take()
    }
    continuation?.resume(with: result)
  }

  /// Whether nobody waits any more: what was not sent need not be sent.
  var hasEnded: Bool { state.withLock { $0.hasEnded } }
}
