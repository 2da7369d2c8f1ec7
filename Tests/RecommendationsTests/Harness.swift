import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Synchronization
import Testing

@testable import Recommendations

/// The platform's side of a running task: notes what it logs, and says stop once it was told to.
final class TestPort: ExecutionPort {
  private struct State {
    var lines: [String] = []
    var reason: StopReason?
  }

  private let state = Mutex(State())

  var lines: [String] { state.withLock { $0.lines } }
  var stopReason: StopReason? { state.withLock { $0.reason } }

  func report(progress: RawJSON) {}
  func log(level: String, _ text: String) { state.withLock { $0.lines.append("\(level): \(text)") } }
  func submit(_ submission: Submission) async throws -> SubmitResult { .accepted(submission.message.id, seq: 1) }
  func submitWithResult(_ submission: Submission) {}
  func stepResult(_ name: String) async throws -> RawJSON? { nil }
  func save(_ step: StepResult) async throws {}
}

/// Keeps every point.
final class TelemetryTape: TelemetrySink {
  private let taken = Mutex<[TelemetryPoint]>([])
  var points: [TelemetryPoint] { taken.withLock { $0 } }
  func record(_ point: TelemetryPoint) { taken.withLock { $0.append(point) } }
}

/// Keeps every alert, or refuses each.
final class AlertTape: AlertSink {
  private let state = Mutex<(raised: [Alert], isBroken: Bool)>(([], false))
  var raised: [Alert] { state.withLock { $0.raised } }
  func breakDown() { state.withLock { $0.isBroken = true } }

  func raise(_ alert: Alert) async throws(EngineError) {
    let isBroken = state.withLock { state in
      if !state.isBroken { state.raised.append(alert) }
      return state.isBroken
    }
    if isBroken { throw EngineError(.unavailable, "the alert can't be written down") }
  }

  func alerts(kind: String?, limit: Int) async throws(EngineError) -> [Alert] { raised }
}

/// The outside world as a test writes it: each request is answered by what the test says, and is kept.
final class ScriptedWeb: WebClient {
  typealias Script = @Sendable (WebRequest, Int) async throws -> WebResponse

  private let sent = Mutex<[WebRequest]>([])
  private let script: Script

  init(_ script: @escaping Script) { self.script = script }

  var requests: [WebRequest] { sent.withLock { $0 } }

  func send(_ request: WebRequest) async throws(WebError) -> WebResponse {
    let number = sent.withLock { sent in
      sent.append(request)
      return sent.count
    }
    do {
      return try await script(request, number)
    } catch let error as WebError {
      throw error
    } catch {
      throw WebError(.unreachable, "\(error)")
    }
  }
}

/// A document store that is away while a test says so.
final class FrailDocuments: DocumentStore {
  let base: MemoryStore
  private let isAway = Mutex(false)

  init(_ base: MemoryStore) { self.base = base }

  func setAway(_ away: Bool) { isAway.withLock { $0 = away } }

  private func enter() throws(EngineError) {
    if isAway.withLock({ $0 }) { throw EngineError(.unavailable, "the store is away") }
  }

  func documents(_ keys: [DocumentKey]) async throws(EngineError) -> [Document?] {
    try enter()
    return try await base.documents(keys)
  }

  func write(_ writes: [DocumentWrite]) async throws(EngineError) -> DocumentWriteResult {
    try enter()
    return try await base.write(writes)
  }

  func documents(
    in collection: String, of tenant: Tenant, prefix: String, after name: String?, limit: Int
  ) async throws(EngineError) -> [Document] {
    try enter()
    return try await base.documents(in: collection, of: tenant, prefix: prefix, after: name, limit: limit)
  }
}

/// A platform in memory, with clocks that a test owns.
struct TestPlatform {
  let time = TestTime()
  let store: MemoryStore
  let documents: FrailDocuments
  let telemetry = TelemetryTape()
  let alerts = AlertTape()
  let web: ScriptedWeb
  let environment: ServiceEnvironment
  let service = RecommendationsService()

  /// A platform with settings of the service and a world outside.
  init(
    _ settings: [String: AnyServiceSettingValue] = [:],
    web script: @escaping ScriptedWeb.Script = { _, _ in throw WebError(.unreachable, "nobody is there") }
  ) {
    store = MemoryStore(time: time)
    documents = FrailDocuments(store)
    web = ScriptedWeb(script)
    var resources = ServiceResources.memory(store, time: time, settings: ServiceSettingValues(settings))
    resources.documents = documents
    resources.telemetry = telemetry
    resources.alerts = alerts
    resources.web = web
    environment = ServiceEnvironment(
      tasks: TaskClient(
        engine: store, records: store, waiter: RecordWaiter(store: store, time: time), ids: UUIDv7(), time: time),
      resources: resources, presence: store, progress: store, changes: store, statistics: store, orders: store,
      server: ServerIdentity(id: "host:7", version: "1.2.3"))
  }

  /// The service's routes as a gateway mounts them: below its name, and without it.
  private var table: RouteTable {
    get throws {
      let prefixed = service.routes.map { route in
        var route = route
        route.path = route.path.prefixed("/recommendations")
        return route
      }
      return try RouteTable(prefixed + service.routes)
    }
  }

  /// An answer as a client gets it.
  struct Answer: Sendable {
    var status: Int
    var body: RawJSON
    var headers: [String: String]
  }

  /// Calls a route; an error comes back as the service's envelope makes it. The answer is one that the route declares.
  @discardableResult
  func call(
    _ method: String, _ path: String, _ body: String = "", headers: [String: String] = [:], tenant: Tenant = .default
  ) async throws -> Answer {
    let sides = path.split(separator: "?", maxSplits: 1)
    guard case .found(let route, let parameters) = try table.match(method, sides[0]) else {
      throw RouteError(404, "not-found", "no route for \(method) \(path)")
    }
    let pairs = (sides.count > 1 ? sides[1] : "").split(separator: "&").map { pair -> (name: String, value: String) in
      let ends = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(ends[0]), percentDecoded(ends.count > 1 ? ends[1] : "") ?? "")
    }
    let request = RouteRequest(
      method: method, path: String(sides[0]), parameters: parameters, query: pairs, headers: headers,
      body: Array(body.utf8), tenant: tenant, requestID: "request-1",
      traceparent: "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01")
    let answer: RouteResponse
    do {
      answer = try await route.handler(request, environment)
    } catch {
      guard case .custom(let envelope) = route.envelope else { throw error }
      answer = envelope(Self.routeError(error), request)
    }
    #expect(
      route.responses.contains { $0.status == answer.status }, "\(method) \(path) answers \(answer.status) undeclared")
    var json = RawJSON.null
    if case .json(let value) = answer.body { json = try RawJSON(validating: value.bytes, limits: .trusted) }
    return Answer(
      status: answer.status, body: json,
      headers: Dictionary(answer.headers.map { ($0.name, $0.value) }) { first, _ in first })
  }

  private static func routeError(_ error: any Error) -> RouteError {
    switch error {
    case let error as RouteError: error
    case let error as EngineError: RouteError(engine: error)
    default: RouteError(500, "internal-error", "something went wrong")
    }
  }

  /// Fetches the next task of the service.
  func fetch(queue: String = RecommendationsService.queue) async throws -> Delivery {
    let found = try await store.fetch(FetchRequest(queues: [queue], limit: 1, worker: "w1", lease: .seconds(600)))
    return try #require(found.first)
  }

  /// Runs a task as a worker would, found by its name.
  func run(_ delivery: Delivery, port: any ExecutionPort = TestPort()) async throws -> RawJSON {
    let kind = try #require(try TaskRegistry(service.tasks)[delivery.message.task])
    let context = TaskContext(
      delivery: delivery, worker: "w1", port: port, ids: UUIDv7(), resources: environment.resources, time: time)
    return try await kind.run(context)
  }

  /// Runs a message that no store knows.
  func run(_ message: TaskMessage, port: any ExecutionPort = TestPort()) async throws -> RawJSON {
    var record = TaskRecord(accepting: message, at: time.now)
    record.attempts = message.retries + 1
    record.lease = Lease(token: 1, deadline: StoreTime(microseconds: 1_000_000))
    return try await run(try #require(Delivery(record)), port: port)
  }

  /// Fetches one task, runs it and settles it with its result.
  @discardableResult
  func finishOne() async throws -> RawJSON {
    let delivery = try await fetch()
    let result = try await run(delivery)
    _ = try await store.settle([Settlement(delivery, .success(result))])
    return result
  }
}

extension RawJSON {
  /// A text of an object's member.
  func text(_ name: String) throws -> String { try #require(self[name]?.stringValue, "\(name) of \(self)") }

  /// The names of an object's members in order.
  var names: [String] { (members() ?? []).map(\.name) }

  /// The texts under one name in a list of objects.
  func texts(_ name: String) -> [String] { (elements() ?? []).compactMap { $0[name]?.stringValue } }
}
