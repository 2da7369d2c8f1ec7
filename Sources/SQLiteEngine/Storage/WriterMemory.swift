import CelerityCore
import GRDB
import Synchronization

/// What the writer and those who wait share.
final class WriterMemory: Sendable {
  let state: Mutex<WriterState>
  let policy: Mutex<StorePolicy>
  /// Who works here, until when.
  let presence = Mutex<[String: (info: WorkerInfo, until: StoreTime)]>([:])
  let clock: StoreClock
  let time: any TimeSource
  let hints = HintStreams()
  /// Rung when a task became ready or a queue was resumed.
  let fetchBells: Doorbells
  /// Rung when something may be due earlier than maintenance knows.
  let dutyBells: Doorbells

  init(state: WriterState, clock: StoreClock, time: any TimeSource, policy: StorePolicy) {
    self.state = Mutex(state)
    self.policy = Mutex(policy)
    self.clock = clock
    self.time = time
    fetchBells = Doorbells(time: time)
    dutyBells = Doorbells(time: time)
  }

  func begin(_ db: Database, _ statements: Statements) -> WriteTransaction {
    WriteTransaction(
      db, statements, now: time.now, storeTime: clock.now, policy: policy.withLock { $0 }, state: state.withLock { $0 })
  }

  /// Makes a commit known: its state becomes the writer's, readers of hints and waiting fetchers are told.
  func take(over transaction: WriteTransaction) {
    let effects = transaction.effects
    let hasReady = state.withLock { state in
      state = transaction.state
      return !state.ledger.tenants.isEmpty
    }
    if !effects.changes.isEmpty { hints.announce(effects.changes, seq: transaction.state.seq) }
    if effects.mayFetch, hasReady { fetchBells.ring() }
    if let due = effects.due { dutyBells.ring(dueIn: due) }
  }
}
