import CelerityCore
import CelerityJSON
import Testing

/// A state machine is a table; these tests write the table down a second time.
@Suite struct TaskLifecycleTests {
  private static let now = Timestamp(seconds: 1000)
  private static let failure = TaskFailure(type: "ValueError", message: "boom")
  private static let token: Int64 = 7
  private static let other = TaskMessage(id: TaskID(stored: "b"), task: "other", tenant: Tenant(stored: "t"))
  private let lifecycle = TaskLifecycle()

  /// A record in a phase, as the machine itself leaves it there.
  static func record(_ phase: TaskPhase, ended outcome: Outcome = .failure(failure)) -> TaskRecord {
    let message = TaskMessage(id: TaskID(stored: "a"), task: "work", expires: now + .seconds(50))
    var record = TaskRecord(accepting: message, at: now)
    let machine = TaskLifecycle()
    do {
      if phase == .delayed { return record }
      try machine.apply(.becameReady(rank: 3), to: &record, at: now)
      if phase == .ready { return record }
      let lease = Lease(token: token, deadline: StoreTime(microseconds: 30))
      try machine.apply(.leased(lease, worker: "w"), to: &record, at: now)
      if phase == .leased { return record }
      if phase == .promised {
        try machine.apply(.promised(other, token: token), to: &record, at: now)
        return record
      }
      try machine.apply(.settled(outcome, token: token), to: &record, at: now)
    } catch {
      Issue.record("\(error)")
    }
    return record
  }

  enum Event: String, CaseIterable, Sendable {
    case becameReady, leased, progressed, success, failed, retry, ignored, revoked, released, rejected
    case leaseExpired, processDied, cancelRequested, expired, moved, redriven
    case replaced, promised, fulfilled, broken

    var event: TaskEvent {
      let failure = TaskLifecycleTests.failure
      let token = TaskLifecycleTests.token
      return switch self {
      case .becameReady: .becameReady(rank: 5)
      case .leased: .leased(Lease(token: 9, deadline: StoreTime(microseconds: 60)), worker: "v")
      case .progressed: .progressed(.true, token: token)
      case .success: .settled(.success(.true), token: token)
      case .failed: .settled(.failure(failure), token: token)
      case .retry: .settled(.retry(after: .seconds(5), failure), token: token)
      case .ignored: .settled(.ignored, token: token)
      case .revoked: .settled(.revoked(reason: .terminated), token: token)
      case .released: .settled(.released(after: .seconds(5), reason: .shutdown), token: token)
      case .rejected: .settled(.rejected(failure), token: token)
      case .leaseExpired: .leaseLost(.leaseExpired)
      case .processDied: .leaseLost(.processDied)
      case .cancelRequested: .cancelRequested(reason: .revoked)
      case .expired: .expired
      case .moved: .moved(to: "else")
      case .redriven: .redriven
      case .replaced: .replaced(other, token: token)
      case .promised: .promised(other, token: token)
      case .fulfilled: .fulfilled(other)
      case .broken: .broken(other, failure)
      }
    }
  }

  /// Where each event leads from each phase: the state and phase after it, or nothing when it is refused.
  static let table: [Event: [TaskPhase: (TaskState, TaskPhase)]] = [
    .becameReady: [.delayed: (.pending, .ready)],
    .leased: [.ready: (.started, .leased)],
    .progressed: [.leased: (.progress, .leased)],
    .success: [.leased: (.success, .finished)],
    .failed: [.leased: (.failure, .finished)],
    .retry: [.leased: (.retry, .delayed)],
    .ignored: [.leased: (.success, .finished)],
    .revoked: [.leased: (.revoked, .finished)],
    .released: [.leased: (.pending, .delayed)],
    .rejected: [.leased: (.failure, .finished)],
    .leaseExpired: [.leased: (.pending, .delayed)],
    .processDied: [.leased: (.pending, .delayed)],
    .cancelRequested: [
      .delayed: (.revoked, .finished), .ready: (.revoked, .finished), .leased: (.started, .leased),
      .promised: (.revoked, .finished),
    ],
    .expired: [.delayed: (.revoked, .finished), .ready: (.revoked, .finished)],
    .moved: [.delayed: (.pending, .delayed), .ready: (.pending, .ready)],
    .redriven: [.finished: (.pending, .delayed)],
    .replaced: [.leased: (.pending, .delayed)],
    .promised: [.leased: (.pending, .promised)],
    .fulfilled: [.promised: (.pending, .delayed)],
    .broken: [.promised: (.failure, .finished)],
  ]

  @Test(arguments: Event.allCases, TaskPhase.allCases)
  func `Each event leads from each phase where the table says, or is refused and changes nothing`(
    _ event: Event, _ phase: TaskPhase
  ) throws {
    let before = Self.record(phase)
    var record = before
    if let (state, end) = Self.table[event]?[phase] {
      try lifecycle.apply(event.event, to: &record, at: Self.now)
      #expect(record.state == state)
      #expect(record.phase == end)
      #expect((record.lease != nil) == (end == .leased))
      #expect((record.finished != nil) == (end == .finished))
      #expect(record.state.isTerminal == (end == .finished))
    } else {
      #expect(throws: TransitionRefusal.self) { try lifecycle.apply(event.event, to: &record, at: Self.now) }
      #expect(record == before)
    }
  }

  @Test(arguments: Event.allCases, TaskPhase.allCases)
  func `Every edge is one that TaskState names, within a generation`(_ event: Event, _ phase: TaskPhase) {
    let before = Self.record(phase)
    var record = before
    guard (try? lifecycle.apply(event.event, to: &record, at: Self.now)) != nil else { return }
    if record.generation > before.generation {
      #expect(event == .redriven && record.state == .pending)
    } else {
      #expect(record.state == before.state || before.state.successors.contains(record.state))
    }
  }

  @Test(arguments: Event.allCases)
  func `Success is final: nothing leads away from it`(_ event: Event) {
    let before = Self.record(.finished, ended: .success(.true))
    var record = before
    #expect(throws: TransitionRefusal.self) { try lifecycle.apply(event.event, to: &record, at: Self.now) }
    #expect(record == before)
  }

  @Test(arguments: [
    Event.progressed, .success, .failed, .retry, .ignored, .revoked, .released, .rejected, .replaced, .promised,
  ])
  func `Only the current token reports or settles`(_ event: Event) throws {
    for current: Int64 in [6, 8] {
      var record = Self.record(.leased)
      record.lease?.token = current
      let before = record
      #expect(throws: TransitionRefusal.stale(current: current)) {
        try lifecycle.apply(event.event, to: &record, at: Self.now)
      }
      #expect(record == before)
    }
  }

  @Test(arguments: [Event.replaced, .promised, .fulfilled, .broken])
  func `Another message goes on under the task's own id and tenant`(_ event: Event) throws {
    var record = Self.record([.replaced, .promised].contains(event) ? .leased : .promised)
    let key = record.key
    try lifecycle.apply(event.event, to: &record, at: Self.now)
    #expect(record.key == key)
    #expect(record.message.task == "other")
  }

  @Test func `Nothing is promised for a task that is to end`() throws {
    var record = Self.record(.leased)
    record.isCancelRequested = true
    try lifecycle.apply(Event.promised.event, to: &record, at: Self.now)
    #expect(record.state == .revoked && record.message.task == "work")
  }

  @Test func `Only the message of the same task and nesting is what was promised`() throws {
    var promise = Self.other
    promise.extras.replacedTaskNesting = 2
    var record = Self.record(.leased)
    try lifecycle.apply(.promised(promise, token: Self.token), to: &record, at: Self.now)
    var message = record.message
    #expect(record.isPromise(of: message))
    message.args = .array([.true])
    #expect(record.isPromise(of: message))
    for nesting in [nil, 0, 1, 3] {
      var other = message
      other.extras.replacedTaskNesting = nesting
      #expect(!record.isPromise(of: other))
    }
    var other = message
    other.task = "work"
    #expect(!record.isPromise(of: other))
    try lifecycle.apply(.fulfilled(message), to: &record, at: Self.now)
    #expect(!record.isPromise(of: message))
  }

  @Test func `A refusal says why`() {
    func refusal(_ event: TaskEvent, _ phase: TaskPhase) -> TransitionRefusal? {
      var record = Self.record(phase)
      do throws(TransitionRefusal) {
        try lifecycle.apply(event, to: &record, at: Self.now)
        return nil
      } catch {
        return error
      }
    }
    #expect(refusal(.becameReady(rank: 0), .leased) == .notInPhase(.leased))
    #expect(refusal(.becameReady(rank: 0), .finished) == .finished(.failure))
    #expect(refusal(.settled(.ignored, token: 7), .finished) == .stale(current: nil))
    #expect(refusal(.settled(.ignored, token: 7), .ready) == .stale(current: nil))
    #expect(refusal(.expired, .leased) == .notInPhase(.leased))
    #expect(refusal(.redriven, .ready) == .notInPhase(.ready))
    #expect(refusal(.cancelRequested(reason: .revoked), .finished) == .finished(.failure))
  }

  @Test(arguments: [TaskPhase.delayed, .ready])
  func `Moving changes the queue and nothing else`(_ phase: TaskPhase) throws {
    var record = Self.record(phase)
    var wanted = record
    wanted.message.queue = "else"
    try lifecycle.apply(.moved(to: "else"), to: &record, at: Self.now + .seconds(9))
    #expect(record == wanted)
  }

  @Test func `A retry counts, a release does not`() throws {
    var record = Self.record(.leased)
    try lifecycle.apply(.settled(.retry(after: .seconds(5), Self.failure), token: 7), to: &record, at: Self.now)
    #expect([record.attempts, record.message.retries] == [1, 1])
    #expect(record.due == Self.now + .seconds(5))
    #expect(record.failure == Self.failure)
    try lifecycle.apply(.becameReady(rank: 0), to: &record, at: Self.now)
    try lifecycle.apply(
      .leased(Lease(token: 8, deadline: StoreTime(microseconds: 0)), worker: "w"), to: &record, at: Self.now)
    try lifecycle.apply(.settled(.released(after: .zero, reason: .limited), token: 8), to: &record, at: Self.now)
    #expect([record.attempts, record.message.retries, record.crashes] == [1, 1, 0])
    #expect(record.state == .retry)
    #expect(record.history.map(\.cause) == ["retried", "released"])
  }

  @Test(arguments: 1...4)
  func `A task is poison after as many deaths as its crash budget, and not before`(budget: Int) throws {
    let lifecycle = TaskLifecycle(policy: LifecyclePolicy(crashBudget: budget))
    var record = Self.record(.delayed)
    for death in 1...budget {
      #expect(record.phase != .finished)
      try lifecycle.apply(.becameReady(rank: 0), to: &record, at: Self.now)
      let lease = Lease(token: Int64(death), deadline: StoreTime(microseconds: 0))
      try lifecycle.apply(.leased(lease, worker: "w"), to: &record, at: Self.now)
      try lifecycle.apply(.leaseLost(.processDied), to: &record, at: Self.now)
      #expect(record.crashes == death)
    }
    #expect(record.state == .failure)
    #expect(record.reason == "poison")
    #expect(record.failure?.type == "WorkerLostError")
  }

  @Test func `A lost lease alone never makes poison`() throws {
    var record = Self.record(.delayed)
    for _ in 0..<50 {
      try lifecycle.apply(.becameReady(rank: 0), to: &record, at: Self.now)
      let lease = Lease(token: 1, deadline: StoreTime(microseconds: 0))
      try lifecycle.apply(.leased(lease, worker: "w"), to: &record, at: Self.now)
      try lifecycle.apply(.leaseLost(.leaseExpired), to: &record, at: Self.now)
    }
    #expect(record.phase == .delayed)
    #expect([record.crashes, record.attempts] == [0, 50])
    #expect(record.history.count == TaskRecord.historyLimit)
    #expect(record.history.last?.attempt == 50)
  }

  @Test(arguments: [Event.retry, .released, .leaseExpired, .processDied])
  func `A task that should stop ends instead of waiting again`(_ event: Event) throws {
    var record = Self.record(.leased)
    try lifecycle.apply(.cancelRequested(reason: .revoked), to: &record, at: Self.now)
    try lifecycle.apply(event.event, to: &record, at: Self.now)
    #expect(record.state == .revoked)
    #expect(record.phase == .finished)
    #expect(!record.isDeadLetter)
  }

  @Test func `A redrive leaves nothing of the last generation but its history and its count of attempts`() throws {
    var record = Self.record(.finished)
    record.crashes = 1
    record.progress = .true
    record.message.retries = 3
    let before = record
    try lifecycle.apply(.redriven, to: &record, at: Self.now)
    #expect(record.generation == before.generation + 1)
    #expect([record.crashes, record.message.retries, record.attempts] == [0, 0, before.attempts])
    #expect(record.failure == nil && record.result == nil && record.reason == nil && record.progress == nil)
    #expect(record.started == nil && record.finished == nil && record.due == nil)
    #expect(record.message.expires == nil)
    #expect(record.history == before.history)
    #expect(record.created == before.created)
  }

  @Test func `Dead letters are failures and expired tasks, not a person's wish`() throws {
    #expect(Self.record(.finished).isDeadLetter)
    #expect(Self.record(.finished, ended: .rejected(Self.failure)).isDeadLetter)
    #expect(!Self.record(.finished, ended: .success(.null)).isDeadLetter)
    #expect(!Self.record(.finished, ended: .revoked(reason: .terminated)).isDeadLetter)
    var record = Self.record(.ready)
    #expect(!record.isDeadLetter)
    try lifecycle.apply(.expired, to: &record, at: Self.now)
    #expect(record.isDeadLetter)
  }

  @Test func `Success forgets the failure of the attempt before`() throws {
    var record = Self.record(.leased)
    record.failure = Self.failure
    try lifecycle.apply(.settled(.success(.true), token: 7), to: &record, at: Self.now)
    #expect(record.failure == nil)
    #expect(record.result == .true)
  }

  @Test(arguments: TaskState.allCases)
  func `Terminal states have no successors, all others lead to an end`(_ state: TaskState) {
    #expect(state.successors.isEmpty == state.isTerminal)
    guard !state.isTerminal else { return }
    var reached: Set<TaskState> = [state]
    for _ in TaskState.allCases { reached.formUnion(reached.flatMap(\.successors)) }
    #expect(reached.isSuperset(of: [.success, .failure, .revoked]))
  }
}
