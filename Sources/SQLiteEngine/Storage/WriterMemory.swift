import CelerityCore
import GRDB
import Synchronization

/// What the writer and those who wait share.
final class WriterMemory: Sendable {
  let state: Mutex<WriterState>
  let policy: Mutex<StorePolicy>
  /// Who works here, until when.
  let presence = Mutex(Presence())
  let clock: StoreClock
  let time: any TimeSource
  let hints = HintStreams()
  /// Rung when a task became ready or a queue was resumed.
  let fetchBells: Doorbells
  /// Rung when something may be due earlier than maintenance knows.
  let dutyBells: Doorbells
  /// Rung when a worker was given an order.
  let orderBells: Doorbells

  init(state: WriterState, clock: StoreClock, time: any TimeSource, policy: StorePolicy) {
    self.state = Mutex(state)
    self.policy = Mutex(policy)
    self.clock = clock
    self.time = time
    fetchBells = Doorbells(time: time)
    dutyBells = Doorbells(time: time)
    orderBells = Doorbells(time: time)
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
    if !effects.changes.isEmpty || !effects.logged.isEmpty {
      hints.announce(effects.changes, logged: effects.logged, seq: transaction.state.seq)
    }
    if effects.mayFetch, hasReady { fetchBells.ring() }
    if let due = effects.due { dutyBells.ring(dueIn: due) }
  }
}

/// The workers that are announced and what they were told.
struct Presence: Sendable {
  private var announced: [ByteText: (info: WorkerInfo, until: StoreTime)] = [:]
  var orders = OrderBook()

  mutating func announce(_ worker: WorkerInfo, until: StoreTime, at now: StoreTime) {
    announced = announced.filter { $0.value.until > now }
    announced[ByteText(worker.name)] = (worker, until)
  }

  mutating func withdraw(_ name: String) {
    announced[ByteText(name)] = nil
    orders.remove(worker: name)
  }

  /// Those whose time has not run out, by name.
  func workers(at now: StoreTime) -> [WorkerInfo] {
    announced.filter { $0.value.until > now }.sorted { $0.key < $1.key }.map(\.value.info)
  }
}
