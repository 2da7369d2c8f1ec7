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

  func announce(_ changes: [ChangeHint.Change], logged: [TaskKey], seq: ChangeNumber) {
    state.withLock { state in
      state.batch += 1
      guard !state.readers.isEmpty else { return }
      let hint = ChangeHint(batch: state.batch, seq: seq, changes: changes, logged: logged)
      for reader in state.readers.values { reader.yield(hint) }
    }
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
