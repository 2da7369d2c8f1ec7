import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Synchronization
import Testing

@testable import Items

/// The platform's side of a running task: notes progress, and says stop once it was told to.
final class TestPort: ExecutionPort {
  private struct State {
    var reports: [RawJSON] = []
    var reason: StopReason?
  }

  private let state = Mutex(State())

  var reports: [RawJSON] { state.withLock { $0.reports } }
  var stopReason: StopReason? { state.withLock { $0.reason } }

  func stop(_ reason: StopReason) { state.withLock { $0.reason = reason } }
  func report(progress: RawJSON) { state.withLock { $0.reports.append(progress) } }
  func log(level: String, _ text: String) {}
  func submit(_ submission: Submission) async throws -> SubmitResult { .accepted(submission.message.id, seq: 1) }
  func submitWithResult(_ submission: Submission) {}
  func stepResult(_ name: String) async throws -> RawJSON? { nil }
  func save(_ step: StepResult) async throws {}
}

/// A document store that fails or hangs while a test says so, and lets a test act between a read and the write after it.
final class TestDocuments: DocumentStore {
  private struct State {
    var error: EngineError?
    var isHanging = false
    var held: [CheckedContinuation<Void, Never>] = []
    var readers: [@Sendable () async throws -> Void] = []
    var reads = 0
    var writesToFail = 0
  }

  let base: MemoryStore
  private let state = Mutex(State())

  init(_ base: MemoryStore) { self.base = base }

  /// How often documents were read by key or listed.
  var reads: Int { state.withLock { $0.reads } }

  func fail() { state.withLock { $0.error = EngineError(.unavailable, "the store is away") } }
  /// Has the next writes fail, and nothing else.
  func failWrites(_ count: Int) { state.withLock { $0.writesToFail = count } }
  func hang() { state.withLock { $0.isHanging = true } }

  func mend() {
    let held = state.withLock { state in
      state.error = nil
      state.isHanging = false
      defer { state.held = [] }
      return state.held
    }
    for continuation in held { continuation.resume() }
  }

  /// Something that happens right after the next read.
  func afterRead(_ act: @escaping @Sendable () async throws -> Void) { state.withLock { $0.readers.append(act) } }

  private func enter() async throws(EngineError) {
    let (isHanging, error) = state.withLock { ($0.isHanging, $0.error) }
    if isHanging {
      await withCheckedContinuation { continuation in
        let isMended = state.withLock { state in
          if state.isHanging { state.held.append(continuation) }
          return !state.isHanging
        }
        if isMended { continuation.resume() }
      }
    }
    if let error { throw error }
  }

  func documents(_ keys: [DocumentKey]) async throws(EngineError) -> [Document?] {
    try await enter()
    let found = try await base.documents(keys)
    let act = state.withLock { state in
      state.reads += 1
      return state.readers.isEmpty ? nil : state.readers.removeFirst()
    }
    try? await act?()
    return found
  }

  func write(_ writes: [DocumentWrite]) async throws(EngineError) -> DocumentWriteResult {
    try await enter()
    let isRefused = state.withLock { state in
      defer { state.writesToFail = max(0, state.writesToFail - 1) }
      return state.writesToFail > 0
    }
    if isRefused { throw EngineError(.unavailable, "the store is away") }
    return try await base.write(writes)
  }

  func documents(
    in collection: String, of tenant: Tenant, prefix: String, after name: String?, limit: Int
  ) async throws(EngineError) -> [Document] {
    try await enter()
    state.withLock { $0.reads += 1 }
    return try await base.documents(in: collection, of: tenant, prefix: prefix, after: name, limit: limit)
  }
}

/// A cache that answers what is asked about it.
struct TestCache: CacheStore {
  func cached(_ key: CacheKey, counting: Bool) async throws(EngineError) -> Blob? { nil }
  func cache(_ blob: Blob, at key: CacheKey, for lifetime: Duration, bound: Int) async throws(EngineError) {}
  func uncache(_ key: CacheKey) async throws(EngineError) -> Bool { false }
  func cacheFigures(of cache: String) async throws(EngineError) -> CacheFigures { CacheFigures() }
}

/// A platform in memory, with clocks that a test owns.
struct TestPlatform {
  let time = TestTime()
  let store: MemoryStore
  let documents: TestDocuments
  let environment: ServiceEnvironment
  let service = ItemsService()

  /// A platform with settings of the service; an iteration takes no time unless a test says so.
  init(_ settings: [String: AnyServiceSettingValue] = [:]) {
    store = MemoryStore(time: time)
    documents = TestDocuments(store)
    let values = settings.merging([ItemsService.iterationStep.name: .duration(.zero)]) { given, _ in given }
    var resources = ServiceResources.memory(store, time: time, settings: ServiceSettingValues(values))
    resources.documents = documents
    resources.cache = TestCache()
    environment = ServiceEnvironment(
      tasks: TaskClient(
        engine: store, records: store, waiter: RecordWaiter(store: store, time: time), ids: UUIDv7(), time: time),
      resources: resources, presence: store, progress: store, changes: store, statistics: store, orders: store,
      server: ServerIdentity(id: "host:7", version: "1.2.3"))
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
    guard case .found(let route, let parameters) = try RouteTable(service.routes).match(method, sides[0]) else {
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

  /// Creates an item a microsecond later than the one before; its id.
  func create(_ name: String, tenant: Tenant = .default) async throws -> String {
    time.advance(by: .microseconds(1))
    let answer = try await call("POST", "/api/items", #"{"name": "\#(name)"}"#, tenant: tenant)
    return try answer.body.text("id")
  }

  /// Fetches the next task of the service.
  func fetch(queue: String = ItemsService.queue) async throws -> Delivery {
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
