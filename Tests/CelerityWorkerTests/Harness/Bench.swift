import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import CelerityWorker
import Logging

/// A memory store on test clocks, and workers on it.
struct Bench {
  let time: TestTime
  let memory: MemoryStore
  let store: ObservedStore
  /// What workers have logged.
  let log = LogLines()
  /// What workers have told of attempts.
  let events = NotedEvents()

  init(time: TestTime = TestTime()) {
    self.time = time
    memory = MemoryStore(time: time)
    store = ObservedStore(memory)
  }

  /// One slot and nothing claimed ahead, unless changed; nothing else is left to chance.
  func worker(
    _ tasks: [any TaskDefinition], name: String = "w1", logLevel: Logger.Level = .trace,
    stops: Tally? = nil, _ change: (inout WorkerConfiguration) -> Void = { _ in }
  ) throws -> Worker {
    var configuration = WorkerConfiguration(name: name, concurrency: 1, claimAhead: .zero)
    change(&configuration)
    var logger = log.logger
    logger.logLevel = logLevel
    var onStop: (@Sendable () -> Void)?
    if let stops { onStop = { stops.add() } }
    return Worker(
      configuration, registry: try TaskRegistry(tasks), store: store, ids: UUIDv7(time: time), time: time,
      logger: logger, telemetry: events, onStop: onStop)
  }

  /// Runs a worker while the body runs, then drains it.
  @discardableResult
  func run<Value>(_ worker: Worker, _ body: () async throws -> Value) async throws -> Value {
    let running = Task { try await worker.run() }
    do {
      let value = try await body()
      worker.drain()
      try await running.value
      return value
    } catch {
      running.cancel()
      throw error
    }
  }

  // MARK: Tasks

  /// Submits a scripted task.
  @discardableResult
  func submit(
    _ id: String = "t1", n: Int? = nil, task: String = "scripted", priority: Priority? = nil,
    _ change: (inout TaskMessage) -> Void = { _ in }
  ) async throws -> TaskID {
    let kwargs: RawJSON = n.map { .object([("n", .integer(Int64($0)))]) } ?? .emptyObject
    var message = TaskMessage(id: TaskID(stored: id), task: task, kwargs: kwargs, priority: priority)
    change(&message)
    _ = try await memory.submit([Submission(message)])
    return message.id
  }

  func record(_ id: String = "t1") async throws -> TaskRecord? {
    try await memory.records([TaskKey(TaskID(stored: id))])[0].record
  }

  /// The record as soon as it satisfies a condition: by default, as soon as it has ended.
  func record(
    _ id: String = "t1", when isEnough: @Sendable (TaskRecord) -> Bool
  ) async throws -> TaskRecord {
    let hints = memory.hints()
    if let record = try await record(id), isEnough(record) { return record }
    for await _ in hints {
      if let record = try await record(id), isEnough(record) { return record }
    }
    throw CancellationError()
  }

  @discardableResult
  func ended(_ id: String = "t1") async throws -> TaskRecord {
    try await record(id) { $0.phase == .finished }
  }

  /// Readies what is due and takes back lapsed leases, as the leader does.
  @discardableResult
  func maintain() async throws -> MaintenanceReport {
    try await memory.maintain(MaintenanceRequest())
  }

  // MARK: Time

  /// Lets time pass once so many sleep: whoever matters has seen the time before.
  func pass(_ duration: Duration, sleepers: Int) async {
    await time.waitForSleepers(sleepers)
    time.advance(by: duration)
  }
}
