import AsyncHTTPClient
import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Testing

/// A gateway that listens on a free loopback port in front of a store in memory.
struct RunningGateway: Sendable {
  let port: Int
  let store: MemoryStore
  let group: ServiceGroup
  let gateway: Gateway

  /// Who is told of what a gateway does; by default nobody.
  struct Observers: Sendable {
    var telemetry: (any GatewayTelemetry)?
    var metrics: (any MetricsRenderer)?
    var logger: Logger?
  }

  /// Runs a gateway around a piece of a test; it has ended when this returns.
  static func run<Result: Sendable>(
    _ settings: GatewaySettings = GatewaySettings(), services: [any ServiceDefinition] = [],
    time: any TimeSource = SystemTime(), telemetry: (any GatewayTelemetry)? = nil,
    metrics: (any MetricsRenderer)? = nil, logger: Logger? = nil, alerts: any AlertSink = RecordingAlerts(),
    _ body: @Sendable (RunningGateway) async throws -> Result
  ) async throws -> Result {
    let store = MemoryStore(time: time)
    let observers = Observers(telemetry: telemetry, metrics: metrics, logger: logger)
    var environment = Self.environment(store, time)
    environment.resources.alerts = alerts
    return try await run(settings, services, environment, store, observers, body)
  }

  /// Runs a gateway whose store can't be reached.
  static func runUnreachable<Result: Sendable>(
    _ body: @Sendable (RunningGateway) async throws -> Result
  ) async throws -> Result {
    let time = SystemTime()
    var environment = Self.environment(UnreachableStore(), time)
    environment.resources.alerts = UnreachableStore()
    return try await run(GatewaySettings(), [], environment, MemoryStore(time: time), Observers(), body)
  }

  private static func environment(_ store: some Store, _ time: any TimeSource) -> ServiceEnvironment {
    let client = TaskClient(
      engine: store, records: store, waiter: RecordWaiter(store: store, time: time), ids: UUIDv7(time: time),
      time: time)
    return ServiceEnvironment(
      tasks: client, resources: .memory(store, time: time), presence: store, progress: store, changes: store,
      statistics: store, orders: store)
  }

  private static func run<Result: Sendable>(
    _ settings: GatewaySettings, _ services: [any ServiceDefinition], _ environment: ServiceEnvironment,
    _ store: MemoryStore, _ observers: Observers,
    _ body: @Sendable (RunningGateway) async throws -> Result
  ) async throws -> Result {
    var settings = settings
    settings.port = 0
    var silent = Logger(label: "test")
    silent.logLevel = .critical
    let logger = observers.logger ?? silent
    let gateway = try Gateway(
      settings: settings, environment: environment, registry: try TaskRegistry([Add(), Echo(), Span()]),
      services: services,
      telemetry: observers.telemetry, metrics: observers.metrics, logger: logger)
    let group = ServiceGroup(configuration: .init(services: [gateway], logger: logger))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      let result = try await body(
        RunningGateway(port: try await gateway.boundPort, store: store, group: group, gateway: gateway))
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
      return result
    }
  }

  /// Sends a request with an ordinary client.
  func send(
    _ method: HTTPMethod, _ path: String, headers: [(String, String)] = [], body: String? = nil
  ) async throws -> Reply {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
    request.method = method
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    if let body {
      request.body = .bytes(ByteBuffer(string: body))
      if !request.headers.contains(name: "content-type") {
        request.headers.add(name: "Content-Type", value: "application/json")
      }
    }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
    let bytes = try await response.body.collect(upTo: 1 << 24)
    return Reply(
      status: Int(response.status.code), headers: response.headers.map { ($0.name.lowercased(), $0.value) },
      body: Array(bytes.readableBytesView))
  }

  /// Asks for something.
  func get(_ path: String, headers: [(String, String)] = []) async throws -> Reply {
    try await send(.GET, path, headers: headers)
  }

  /// Sends something.
  func post(_ path: String, _ body: String? = nil, headers: [(String, String)] = []) async throws -> Reply {
    try await send(.POST, path, headers: headers, body: body)
  }

  /// Submits a task and answers its id.
  @discardableResult
  func submit(_ body: String = #"{"task": "demo.add", "args": [1, 2]}"#) async throws -> TaskID {
    let reply = try await post("/v1/tasks", body)
    try #require(reply.status == 202, "\(reply.text)")
    return TaskID(stored: try #require(reply.json["id"]?.stringValue))
  }

  /// Fetches the next task of a queue and ends it.
  func settle(_ outcome: Outcome, queue: String = "sums") async throws {
    let delivery = try #require(
      try await store.fetch(FetchRequest(queues: [queue], limit: 1, worker: "celery@test")).first)
    _ = try await store.settle([Settlement(delivery, outcome)])
  }
}

/// An answer as a client sees it.
struct Reply: Sendable {
  var status: Int
  var headers: [(name: String, value: String)]
  var body: [UInt8]

  /// The body without the line break that ends JSON.
  var text: String {
    let isJSON = self["content-type"]?.hasSuffix("json") == true
    return String(decoding: isJSON && body.last == 0x0A ? body.dropLast() : body[...], as: UTF8.self)
  }

  /// The body as strict JSON; `null` when it is none.
  var json: RawJSON { (try? RawJSON(validating: body, limits: .trusted)) ?? .null }

  /// A field by its lower-case name.
  subscript(name: String) -> String? { headers.first { $0.name == name }?.value }

  /// A member of the body as text.
  func string(_ name: String) -> String? { json[name]?.stringValue }

  /// Checks that this is a problem with a status and a code, in the full shape.
  func expectProblem(
    _ status: Int, _ code: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(self.status == status, "\(text)", sourceLocation: sourceLocation)
    #expect(self["content-type"] == "application/problem+json", sourceLocation: sourceLocation)
    #expect(string("code") == code, "\(text)", sourceLocation: sourceLocation)
    #expect(string("type") == "/problems/\(code)", sourceLocation: sourceLocation)
    #expect(json["status"]?.int64Value == Int64(status), sourceLocation: sourceLocation)
    #expect(string("title")?.isEmpty == false, sourceLocation: sourceLocation)
    #expect(string("title")?.hasPrefix("Error ") == false, "the code is in no table", sourceLocation: sourceLocation)
    #expect(string("detail")?.isEmpty == false, sourceLocation: sourceLocation)
    #expect(json["errors"]?.elements() != nil, sourceLocation: sourceLocation)
    #expect(string("trace_id")?.utf8.count == 32, sourceLocation: sourceLocation)
    #expect(self["x-request-id"]?.isEmpty == false, sourceLocation: sourceLocation)
  }
}
