import CelerityCore
import Synchronization

/// Announces committed changes to any number of readers, each with a bounded buffer.
final class HintStreams: Sendable {
  private struct State {
    var batch: Int64 = 0
    var nextID = 0
    var readers: [Int: AsyncStream<ChangeHint>.Continuation] = [:]
    var isClosed = false
  }

  private let state = Mutex(State())

  func stream() -> AsyncStream<ChangeHint> {
    let (stream, continuation) = AsyncStream.makeStream(of: ChangeHint.self, bufferingPolicy: .bufferingNewest(1024))
    let id = state.withLock { state -> Int? in
      guard !state.isClosed else { return nil }
      state.nextID += 1
      state.readers[state.nextID] = continuation
      return state.nextID
    }
    guard let id else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      _ = self?.state.withLock { $0.readers.removeValue(forKey: id) }
    }
    return stream
  }

  /// Called by the writer alone, so that batches arrive in their order.
  func announce(_ changes: [ChangeHint.Change], logged: [TaskKey], seq: ChangeNumber) {
    let (batch, readers) = state.withLock { state in
      state.batch += 1
      return (state.batch, Array(state.readers.values))
    }
    guard !readers.isEmpty else { return }
    let hint = ChangeHint(batch: batch, seq: seq, changes: changes, logged: logged)
    // Outside the lock: waking a reader takes the lock of its task, and cancelling it takes that one first and then, on
    // the way through `onTermination`, ours.
    for reader in readers { reader.yield(hint) }
  }

  func close() {
    let readers = state.withLock { state in
      state.isClosed = true
      defer { state.readers = [:] }
      return Array(state.readers.values)
    }
    for reader in readers { reader.finish() }
  }
}
