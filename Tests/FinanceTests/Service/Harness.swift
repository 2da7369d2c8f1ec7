import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Synchronization
import Testing

@testable import Finance

/// The platform's side of a running task: notes progress, and says stop once it was asked a number of times.
final class TestPort: ExecutionPort {
  private struct State {
    var questions = 0
    var reports: [RawJSON] = []
  }

  private let patience: Int
  private let state = Mutex(State())

  /// A port that lets work go on for so many questions.
  init(patience: Int = .max) { self.patience = patience }

  var questions: Int { state.withLock { $0.questions } }
  var reports: [RawJSON] { state.withLock { $0.reports } }

  var stopReason: StopReason? {
    state.withLock { state in
      state.questions += 1
      return state.questions > patience ? .cancelled : nil
    }
  }

  func report(progress: RawJSON) { state.withLock { $0.reports.append(progress) } }
  func log(level: String, _ text: String) {}
  func submit(_ submission: Submission) async throws -> SubmitResult { .accepted(submission.message.id, seq: 1) }
  func submitWithResult(_ submission: Submission) {}
  func stepResult(_ name: String) async throws -> RawJSON? { nil }
  func save(_ step: StepResult) async throws {}
}

/// The context of a first attempt at a message.
func context(of message: TaskMessage, port: any ExecutionPort = TestPort()) throws -> TaskContext {
  var record = TaskRecord(accepting: message, at: Timestamp(seconds: 0))
  record.attempts = 1
  record.lease = Lease(token: 1, deadline: StoreTime(microseconds: 1_000_000))
  return TaskContext(delivery: try #require(Delivery(record)), worker: "tester", port: port, ids: UUIDv7())
}

/// Runs a task of the service as a worker would, found by its name.
func run(
  _ task: String, args: String = "[]", kwargs: String = "{}", port: any ExecutionPort = TestPort()
) async throws -> RawJSON {
  let kind = try #require(try TaskRegistry(FinanceService().tasks)[task])
  let message = TaskMessage(
    id: TaskID(stored: "t"), task: task, args: try RawJSON(validating: args), kwargs: try RawJSON(validating: kwargs))
  return try await kind.run(try context(of: message, port: port))
}

/// A platform in memory, with clocks that a test owns.
struct TestPlatform {
  let time: TestTime
  let store: MemoryStore
  let environment: ServiceEnvironment

  /// A platform whose service has a queue limit; `broken` puts a store between that hangs or fails where a test says.
  init(queueLimit: Int? = nil, broken: BrokenStore? = nil) {
    time = broken?.time ?? TestTime()
    store = broken?.base ?? MemoryStore(time: time)
    let engine: any Engine = broken ?? store
    let records: any RecordReader & ChangeFeed = broken ?? store
    environment = ServiceEnvironment(
      tasks: TaskClient(
        engine: engine, records: records, waiter: RecordWaiter(store: records, time: time), ids: UUIDv7(), time: time),
      resources: .memory(
        store, time: time,
        settings: ServiceSettingValues(queueLimit.map { [FinanceService.queueLimit.name: .integer($0)] } ?? [:])),
      presence: broken ?? store, progress: store, changes: records, statistics: store, orders: store,
      server: ServerIdentity(id: "host:7", version: "1.2.3"))
  }

  /// Calls a route of the service; an error comes back as the service's envelope makes it. The answer is one that the
  /// route declares.
  func call(
    _ method: String, _ path: String, _ body: String = "", tenant: Tenant = .default, service: FinanceService
  ) async throws -> (status: Int, body: RawJSON, headers: [String: String]) {
    let sides = path.split(separator: "?", maxSplits: 1)
    guard case .found(let route, let parameters) = try RouteTable(service.routes).match(method, sides[0]) else {
      throw RouteError(404, "not-found", "no route for \(method) \(path)")
    }
    let pairs = (sides.count > 1 ? sides[1] : "").split(separator: "&").map { pair -> (name: String, value: String) in
      let ends = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(ends[0]), percentDecoded(ends.count > 1 ? ends[1] : "") ?? "")
    }
    let request = RouteRequest(
      method: method, path: String(sides[0]), parameters: parameters, query: pairs, body: Array(body.utf8),
      tenant: tenant,
      requestID: "request-1", traceparent: "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01")
    let answer: RouteResponse
    do {
      answer = try await route.handler(request, environment)
    } catch {
      guard case .custom(let envelope) = route.envelope else { throw error }
      answer = envelope(Self.routeError(error), request)
    }
    guard case .json(let json) = answer.body else { throw RouteError(500, "no-json", "no JSON") }
    let declared = route.responses.first { $0.status == answer.status }
    #expect(declared != nil || answer.status == 500, "\(method) \(path) answers \(answer.status) undeclared")
    if let schema = declared?.schema { #expect(SchemaCheck.faults(of: json, against: schema.json) == []) }
    return (
      answer.status, try RawJSON(validating: json.bytes, limits: .trusted),
      Dictionary(answer.headers.map { ($0.name, $0.value) }) { first, _ in first }
    )
  }

  private static func routeError(_ error: any Error) -> RouteError {
    switch error {
    case let error as RouteError: error
    case let error as EngineError: RouteError(engine: error)
    default: RouteError(500, "internal-error", "something went wrong")
    }
  }

  /// A worker of finance tasks with so many slots.
  func announce(slots: Int, name: String = "w1", queues: [String] = ["finance"], isDraining: Bool = false) async throws
  {
    try await store.announce(
      WorkerInfo(
        name: name, incarnation: "1", hostname: "h", pid: 1, version: "1", queues: queues, concurrency: slots,
        tasks: [CompoundInterest.name], startedAt: 0, isDraining: isDraining), for: .seconds(3600))
  }

  /// Fetches one task and ends it with success after a time.
  func finishOne(after duration: Duration, queue: String = "finance") async throws {
    let deliveries = try await store.fetch(FetchRequest(queues: [queue], limit: 1, worker: "w1", lease: .seconds(600)))
    let delivery = try #require(deliveries.first)
    time.advance(by: duration)
    _ = try await store.settle([Settlement(delivery, .success(.true))])
  }
}

extension RawJSON {
  /// A number of an object's member.
  func number(_ name: String) throws -> Double { try #require(self[name]?.doubleValue, "\(name) of \(self)") }

  /// A text of an object's member.
  func text(_ name: String) throws -> String { try #require(self[name]?.stringValue, "\(name) of \(self)") }

  /// The names of an object's members in order.
  var names: [String] { (members() ?? []).map(\.name) }

  /// The value with the members of an object in the order of their names, as tables have no order.
  var sorted: RawJSON {
    guard let members = members() else { return self }
    return .object(members.map { ($0.name, $0.value) }.sorted { $0.0 < $1.0 })
  }
}
