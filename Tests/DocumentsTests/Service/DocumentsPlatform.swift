import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Documents

/// A platform in memory, with clocks that a test owns and a worker that a test runs.
struct DocumentsPlatform {
  let time = TestTime()
  let store: MemoryStore
  let feed: AnnouncedFeed
  let cache: PocketCache
  let renderer: ScriptedRenderer
  let service: DocumentsService
  let environment: ServiceEnvironment
  private let waking: Waking

  /// A platform; data in YAML are read as JSON, which is YAML too.
  ///
  /// - Parameter standard: makes the documents instead of the scripted renderer.
  init(
    _ settings: [String: AnyServiceSettingValue] = [:], renderer: ScriptedRenderer = ScriptedRenderer(),
    standard: StandardRenderer? = nil,
    yaml: YAMLReading? = { try RawJSON(validating: $0) }
  ) {
    store = MemoryStore(time: time)
    feed = AnnouncedFeed(store)
    cache = PocketCache(time)
    self.renderer = renderer
    service = DocumentsService(renderer: standard ?? renderer, yaml: yaml, time: time)
    var resources = ServiceResources.memory(store, time: time, settings: ServiceSettingValues(settings))
    resources.cache = cache
    environment = ServiceEnvironment(
      tasks: TaskClient(
        engine: store, records: store, waiter: RecordWaiter(store: feed, time: time), ids: UUIDv7(), time: time),
      resources: resources, presence: store, progress: store, changes: feed, statistics: store, orders: store,
      server: ServerIdentity(id: "host:7", version: "1.2.3"))
    waking = Waking(environment.tasks.waiter)
  }

  // MARK: Clients

  /// An answer as its client sees it.
  struct Answer {
    var status: Int
    var headers: [String: String]
    var contentType: String
    var bytes: [UInt8]

    /// The body as JSON.
    func json() throws -> RawJSON { try RawJSON(validating: bytes, limits: .trusted) }

    /// A member of the error that the body is.
    func error(_ name: String) throws -> String? { try json()["error"]?[name]?.stringValue }

    var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// Calls a route of the service. The answer must be one that the route declares, with its schema and content type.
  func call(
    _ method: String, _ path: String, _ body: String = "", requestID: String = "request-0001",
    tenant: Tenant = .default, client: ClientPresence? = nil
  ) async throws -> Answer {
    guard case .found(let route, let parameters) = try RouteTable(service.routes).match(method, path[...]) else {
      throw RouteError(404, "not-found", "no route for \(method) \(path)")
    }
    var request = RouteRequest(
      method: method, path: path, parameters: parameters, body: Array(body.utf8), tenant: tenant,
      requestID: requestID, traceparent: "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01")
    request.client = client
    let response: RouteResponse
    do {
      guard request.body.count <= route.maximumBodyBytes else {
        throw RouteError(413, "payload-too-large", "the body is longer than \(route.maximumBodyBytes) bytes")
      }
      response = try await route.handler(request, environment)
    } catch {
      guard case .custom(let envelope) = route.envelope else { throw error }
      response = envelope(Self.routeError(error), request)
    }
    let answer = try Self.answer(response)
    let declared = route.responses.filter { $0.status == answer.status }
    #expect(
      declared.contains { $0.contentType == answer.contentType },
      "\(method) \(path) answers \(answer.status) \(answer.contentType) undeclared")
    if answer.contentType == "application/json", let schema = declared.first?.schema {
      #expect(ShapeCheck.faults(of: try answer.json(), against: schema.json) == [], "\(method) \(path) \(answer.text)")
    }
    return answer
  }

  private static func answer(_ response: RouteResponse) throws -> Answer {
    let headers = Dictionary(response.headers.map { ($0.name, $0.value) }) { first, _ in first }
    switch response.body {
    case .json(let value):
      return Answer(
        status: response.status, headers: headers, contentType: "application/json", bytes: value.bytes)
    case .bytes(let bytes, let contentType):
      return Answer(status: response.status, headers: headers, contentType: contentType, bytes: bytes)
    case .none, .stream: throw RouteError(500, "no-body", "no body")
    }
  }

  private static func routeError(_ error: any Error) -> RouteError {
    switch error {
    case let error as RouteError: error
    case let error as EngineError: RouteError(engine: error)
    default: RouteError(500, "internal-error", "something went wrong")
    }
  }

  /// Calls a route, and has a worker do what that submits to a queue, so that a call that waits is answered.
  func callWorked(_ path: String, _ body: String, queue: String = "latex_generation") async throws -> Answer {
    await feed.isRead()
    async let answer = call("POST", path, body)
    _ = try await workOne(queue)
    return try await answer
  }

  // MARK: Workers

  /// Runs one task of a queue as a worker would, waiting for it; its state afterwards.
  @discardableResult
  func workOne(_ queue: String) async throws -> TaskState {
    let fetched = try await store.fetch(
      FetchRequest(queues: [queue], limit: 1, worker: "w1", lease: .seconds(600), wait: .seconds(100_000)))
    let delivery = try #require(fetched.first)
    let kind = try #require(try TaskRegistry(service.tasks)[delivery.message.task])
    let outcome = await run(kind, delivery)
    _ = try await store.settle([Settlement(delivery, outcome)])
    return try #require(try await record(delivery.message.id)).state
  }

  private func run(_ kind: TaskKind, _ delivery: Delivery) async -> Outcome {
    let context = TaskContext(
      delivery: delivery, worker: "w1", port: StorePort(store, delivery), ids: UUIDv7(),
      resources: environment.resources, time: time)
    do {
      return .success(try await kind.run(context))
    } catch {
      let failure = TaskFailure(describing: error)
      var random = SystemRandomNumberGenerator()
      let delay = kind.options.retry.delay(after: failure, retries: delivery.message.retries, using: &random)
      return delay.map { .retry(after: $0, failure) } ?? .failure(failure)
    }
  }

  /// The record of a task.
  func record(_ id: TaskID) async throws -> TaskRecord? { try await store.records([TaskKey(id)])[0].record }

  /// Submits an order to be made later; the job's id.
  func order(_ body: String) async throws -> String {
    let answer = try await call("POST", "/generate/async", body)
    #expect(answer.status == 202, "\(answer.text)")
    return try #require(try answer.json()["job_id"]?.stringValue)
  }

  /// A job as it stands.
  func job(_ id: String) async throws -> RawJSON { try await call("GET", "/jobs/\(id)").json() }
}

/// A body that orders a document.
func order(
  _ format: String = "latex", name: String = "Jane Doe", type: String = "resume", template: String = "classic",
  more: String = "", data: String = ""
) -> String {
  let body = type == "cover_letter" ? #","body":"Hello""# : ""
  return """
    {"document_type":"\(type)","template":"\(template)","format":"\(format)"\(more),
    "data":{"personalInfo":{"name":"\(name)","email":"jane@example.com"}\(body)\(data)}}
    """
}
