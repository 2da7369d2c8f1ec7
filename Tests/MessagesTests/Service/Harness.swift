import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Synchronization
import Testing

@testable import Messages

/// Keeps alerts, or refuses them when a test says so.
final class TestAlerts: AlertSink {
  private let state = Mutex<(raised: [Alert], failure: EngineError?)>(([], nil))

  var raised: [Alert] { state.withLock { $0.raised } }

  func fail(_ error: EngineError?) { state.withLock { $0.failure = error } }

  func raise(_ alert: Alert) async throws(EngineError) {
    let failure = state.withLock { state in
      if state.failure == nil { state.raised.append(alert) }
      return state.failure
    }
    if let failure { throw failure }
  }

  func alerts(kind: String?, limit: Int) async throws(EngineError) -> [Alert] {
    Array(raised.reversed().filter { kind == nil || $0.kind == kind }.prefix(limit))
  }
}

/// Keeps points.
final class TestTelemetry: TelemetrySink {
  private let taken = Mutex<[TelemetryPoint]>([])

  func record(_ point: TelemetryPoint) { taken.withLock { $0.append(point) } }

  func points(_ measurement: String) -> [TelemetryPoint] {
    taken.withLock { $0.filter { $0.measurement == measurement } }
  }
}

/// The platform's side of a running task.
final class TestPort: ExecutionPort {
  private let state = Mutex<(questions: Int, lines: [String])>((0, []))
  private let patience: Int
  private let reason: StopReason

  /// A port that says stop, for a reason, once it was asked so many times whether to go on.
  init(patience: Int = .max, reason: StopReason = .cancelled) {
    self.patience = patience
    self.reason = reason
  }

  var lines: [String] { state.withLock { $0.lines } }

  var stopReason: StopReason? {
    state.withLock { state in
      state.questions += 1
      return state.questions > patience ? reason : nil
    }
  }

  func report(progress: RawJSON) {}
  func log(level: String, _ text: String) { state.withLock { $0.lines.append(text) } }
  func submit(_ submission: Submission) async throws -> SubmitResult { .accepted(submission.message.id, seq: 1) }
  func submitWithResult(_ submission: Submission) {}
  func stepResult(_ name: String) async throws -> RawJSON? { nil }
  func save(_ step: StepResult) async throws {}
}

/// A platform in memory, with a worker that a test lets work.
struct TestPlatform {
  let time = TestTime()
  let store: MemoryStore
  let documents: BrokenDocuments
  let engine: BrokenEngine
  let alerts = TestAlerts()
  let telemetry = TestTelemetry()
  let environment: ServiceEnvironment
  private let registry: TaskRegistry

  init(_ settings: [String: AnyServiceSettingValue] = [:]) throws {
    store = MemoryStore(time: time)
    documents = BrokenDocuments(store)
    engine = BrokenEngine(store)
    registry = try TaskRegistry(MessagesService().tasks)
    var resources = ServiceResources.memory(store, time: time, settings: ServiceSettingValues(settings))
    resources.documents = documents
    resources.alerts = alerts
    resources.telemetry = telemetry
    environment = ServiceEnvironment(
      tasks: TaskClient(
        engine: engine, records: store, waiter: RecordWaiter(store: store, time: time), ids: UUIDv7(time: time),
        time: time), resources: resources, presence: store, progress: store, changes: store, statistics: store,
      orders: store)
  }

  /// Calls a route; an error comes back as its status with its issues. The answer is one that the route declares.
  func call(
    _ method: String, _ path: String, _ body: String = "", headers: [String: String] = [:], peer: String? = nil,
    tenant: Tenant = .default
  ) async throws -> Answer {
    let sides = path.split(separator: "?", maxSplits: 1)
    guard case .found(let route, let parameters) = try RouteTable(MessagesService().routes).match(method, sides[0])
    else { throw RouteError(404, "no-route", "no route for \(method) \(path)") }
    let pairs = (sides.count > 1 ? sides[1] : "").split(separator: "&").map { pair -> (name: String, value: String) in
      let ends = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(ends[0]), percentDecoded(ends.count > 1 ? ends[1] : "", plusIsSpace: true) ?? "")
    }
    var request = RouteRequest(
      method: method, path: String(sides[0]), parameters: parameters, query: pairs, headers: headers,
      body: Array(body.utf8), tenant: tenant, requestID: "request-1",
      traceparent: "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01")
    request.peer = peer
    do {
      let response = try await route.handler(request, environment)
      guard case .json(let json) = response.body else { throw RouteError(500, "no-json", "no JSON") }
      let declared = route.responses.first { $0.status == response.status }
      #expect(declared != nil, "\(method) \(path) answers \(response.status) undeclared")
      if let schema = declared?.schema { #expect(SchemaCheck.faults(of: json, against: schema.json) == []) }
      return Answer(status: response.status, body: json, headers: response.headers, error: nil)
    } catch {
      let error = (error as? RouteError) ?? (error as? EngineError).map { RouteError(engine: $0) }
      let known = try #require(error)
      #expect(route.responses.contains { $0.status == known.status }, "\(method) \(path): \(known.status) undeclared")
      return Answer(status: known.status, body: .null, headers: known.headers, error: known)
    }
  }

  struct Answer {
    var status: Int
    var body: RawJSON
    var headers: [(name: String, value: String)]
    var error: RouteError?

    var places: [String] { error?.issues.map(\.pointer) ?? [] }
  }

  /// Posts a message that is taken; its ids.
  func post(
    _ text: String, user: String? = nil, tenant: Tenant = .default
  ) async throws -> (message: String, task: String) {
    var members: [(String, RawJSON)] = [("message", .string(text))]
    if let user { members.append(("user_id", .string(user))) }
    let answer = try await call("POST", "/messages", RawJSON.object(members).description, tenant: tenant)
    try #require(answer.status == 202)
    return (try answer.body.text("message_id"), try answer.body.text("task_id"))
  }

  /// Takes one task from the queue and runs it as a worker does, retries included; `nil` when none waits.
  @discardableResult
  func work(worker: String = "w1", port: any ExecutionPort = TestPort()) async throws -> Outcome? {
    guard let delivery = try await deliver(worker: worker) else { return nil }
    let outcome = await run(delivery, worker: worker, port: port)
    _ = try await store.settle([Settlement(delivery, outcome)])
    return outcome
  }

  /// Leases a task.
  func deliver(worker: String = "w1") async throws -> Delivery? {
    _ = try await store.maintain(MaintenanceRequest())
    return try await store.fetch(FetchRequest(queues: ["messages"], limit: 1, worker: worker)).first
  }

  /// Runs a delivery without settling it: what is left of a worker that dies afterwards.
  func run(_ delivery: Delivery, worker: String = "w1", port: any ExecutionPort = TestPort()) async -> Outcome {
    let context = TaskContext(
      delivery: delivery, worker: worker, port: port, ids: UUIDv7(), resources: environment.resources,
      registry: registry, time: time)
    guard let kind = registry[delivery.message.task] else { return .rejected(.notRegistered(delivery.message.task)) }
    do {
      return .success(try await kind.run(context))
    } catch let error as Reject {
      return .failure(TaskFailure(type: "Reject", message: error.reason))
    } catch {
      let failure = TaskFailure(describing: error)
      var random = SeededRandom(seed: 1)
      let delay = kind.options.retry.delay(after: failure, retries: delivery.message.retries, using: &random)
      return delay.map { .retry(after: $0, failure) } ?? .failure(failure)
    }
  }

  /// Runs the task that forgets, as the scheduler has it run.
  func forget() async throws -> Outcome? {
    _ = try await environment.tasks.submit(ForgetMessages.self, NoInput())
    return try await work()
  }

  /// All documents of a collection.
  func all(_ collection: Shelf.Collection, tenant: Tenant = .default) async throws -> [Document] {
    try await store.documents(in: collection.rawValue, of: tenant, prefix: "", after: nil, limit: 10_000)
  }

  /// Everything that the service keeps.
  func everything() async throws -> [DocumentKey: RawJSON] {
    var found: [DocumentKey: RawJSON] = [:]
    let collections: [Shelf.Collection] = [.row, .index, .status, .content, .user, .counted, .log, .alert]
    for collection in collections { for document in try await all(collection) { found[document.key] = document.value } }
    return found
  }
}

extension RawJSON {
  func text(_ name: String) throws -> String { try #require(self[name]?.stringValue, "\(name) of \(self)") }
  func number(_ name: String) throws -> Int64 { try #require(self[name]?.int64Value, "\(name) of \(self)") }
  func list(_ name: String) throws -> [RawJSON] { try #require(self[name]?.elements(), "\(name) of \(self)") }
  var names: [String] { (members() ?? []).map(\.name) }
}
