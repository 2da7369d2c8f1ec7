public import CelerityCore
import Synchronization

/// A store in memory: `StoreModel` behind a lock, with waiting and hints. For tests; nothing survives the process.
public final class MemoryStore: Sendable {
  private struct State {
    var model: StoreModel
    var batch: Int64 = 0
    var nextReader = 0
    var readers: [Int: AsyncStream<ChangeHint>.Continuation] = [:]
  }

  private let state: Mutex<State>
  /// Where it gets its time from; its own time is the source's uptime.
  public let time: any TimeSource
  /// Rung when a task became ready or a queue was resumed.
  let fetchBell = CountingBell()
  /// Rung when something may be due earlier than maintenance knows.
  let dutyBell = CountingBell()
  /// Rung when a worker was given an order.
  let orderBell = CountingBell()

  /// An empty store.
  public init(
    time: any TimeSource = SystemTime(), lifecycle: LifecyclePolicy = LifecyclePolicy(),
    order: ClaimOrder = .ranks(PriorityRank())
  ) {
    self.time = time
    state = Mutex(State(model: StoreModel(lifecycle: TaskLifecycle(policy: lifecycle), order: order)))
  }

  /// The model as it stands.
  public var snapshot: StoreModel { state.withLock { $0.model } }

  /// Does what opening a store does after its process died: every lease is taken back as `processDied`.
  public func restart() {
    commit { $0.restart(at: $1) }
  }

  /// Runs a verb as one transaction and tells everybody whom it concerns.
  @discardableResult
  func commit<Answer: Sendable>(_ verb: (inout StoreModel, Moment) -> Answer) -> Answer {
    let (answer, effects) = state.withLock { state in
      let answer = verb(&state.model, moment)
      let effects = state.model.takeEffects()
      if !effects.changes.isEmpty || !effects.logged.isEmpty { Self.announce(effects, &state) }
      return (answer, effects)
    }
    if effects.mayFetch { fetchBell.ring() }
    if effects.hasNewDueTime { dutyBell.ring() }
    if effects.hasOrders { orderBell.ring() }
    return answer
  }

  /// Looks at the model.
  func read<Answer: Sendable>(_ look: (borrowing StoreModel, Moment) -> Answer) -> Answer {
    state.withLock { look($0.model, moment) }
  }

  private var moment: Moment {
    Moment(now: time.now, storeTime: StoreTime(microseconds: time.uptime.microseconds))
  }

  private static func announce(_ effects: StoreModel.Effects, _ state: inout State) {
    state.batch += 1
    let hint = ChangeHint(
      batch: state.batch, seq: state.model.seq, changes: effects.changes, logged: effects.logged)
    // Who left is noticed here and not by `onTermination`: that runs under the lock of the reader's task, which waking
    // the reader takes too, and would wait for ours.
    for (id, reader) in state.readers {
      if case .terminated = reader.yield(hint) { state.readers[id] = nil }
    }
  }

  /// `ChangeFeed.hints`; each reader has a buffer of its own.
  public func hints() -> AsyncStream<ChangeHint> {
    let (stream, continuation) = AsyncStream.makeStream(of: ChangeHint.self, bufferingPolicy: .bufferingNewest(1024))
    state.withLock { state in
      state.nextReader += 1
      state.readers[state.nextReader] = continuation
    }
    return stream
  }

  deinit {
    let readers = state.withLock { $0.readers }
    for reader in readers.values { reader.finish() }
  }
}
