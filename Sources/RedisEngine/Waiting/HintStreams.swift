import CelerityCore
import Synchronization

/// Hands what is heard on the channel of changes to all who read it, each with a buffer of its own.
final class HintStreams: Sendable {
  private struct State {
    var batch: Int64 = 0
    var next = 0
    /// Number of the last change that was heard of.
    var seq: ChangeNumber = 0
    var readers: [Int: AsyncStream<ChangeHint>.Continuation] = [:]
  }

  private let state = Mutex(State())

  func stream() -> AsyncStream<ChangeHint> {
    let (stream, reader) = AsyncStream.makeStream(of: ChangeHint.self, bufferingPolicy: .bufferingNewest(1024))
    state.withLock { state in
      state.next += 1
      state.readers[state.next] = reader
    }
    return stream
  }

  /// Something may have been missed. The readers are told at once, by a hole in the count, and need not wait for a change to
  /// learn it; two empty hints, because whoever has heard nothing yet sees no hole before the first.
  func skip() {
    let (hints, readers) = state.withLock { state in
      let hints = [state.batch + 1, state.batch + 3].map { ChangeHint(batch: $0, seq: state.seq, changes: []) }
      state.batch += 3
      return (hints, state.readers)
    }
    for (_, reader) in readers.sorted(by: { $0.key < $1.key }) {
      for hint in hints { reader.yield(hint) }
    }
  }

  /// Says that somebody else has ended tasks of which there are no records to change.
  func announce(_ changes: [ChangeHint.Change]) {
    announce("\(state.withLock { $0.seq })\n\(Hint.text(changes))")
  }

  func announce(_ text: String) {
    // Readers are told outside the lock: who is woken may take locks of their own.
    let (hint, readers) = state.withLock { state -> (ChangeHint?, [Int: AsyncStream<ChangeHint>.Continuation]) in
      if state.readers.isEmpty {
        state.batch += 1
        return (nil, [:])
      }
      guard let hint = Hint.read(text, batch: state.batch + 1) else { return (nil, [:]) }
      state.batch += 1
      state.seq = max(state.seq, hint.seq)
      return (hint, state.readers)
    }
    guard let hint else { return }
    // Who listens longest hears first: what a later one has heard, the earlier ones have too.
    let gone = readers.sorted { $0.key < $1.key }.filter {
      if case .terminated = $0.value.yield(hint) { true } else { false }
    }
    if !gone.isEmpty { state.withLock { state in for (id, _) in gone { state.readers[id] = nil } } }
  }

  func close() {
    let readers = state.withLock { state in
      defer { state.readers = [:] }
      return state.readers
    }
    for reader in readers.values { reader.finish() }
  }
}
