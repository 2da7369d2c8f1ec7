public import CelerityCore
import CelerityJSON

/// What a running task knows of itself and can ask for.
public struct TaskContext: Sendable {
  public private(set) var message: TaskMessage
  /// Counts from 1 over all generations.
  public let attempt: Int
  public let generation: Int
  /// Name of the worker that runs this.
  public let worker: String
  /// What the platform lends the task's service.
  public let resources: ServiceResources
  let port: any ExecutionPort
  let ids: any IDSource
  /// The kinds of tasks that the process knows.
  let registry: TaskRegistry
  let time: any TimeSource

  /// The context of a delivery that runs behind a port, in a process that knows these kinds of tasks.
  public init(
    delivery: Delivery, worker: String, port: any ExecutionPort, ids: any IDSource,
    resources: ServiceResources = .none, registry: TaskRegistry = TaskRegistry(), time: any TimeSource = SystemTime()
  ) {
    self.resources = resources
    self.registry = registry
    self.time = time
    message = delivery.message
    attempt = delivery.attempt
    generation = delivery.generation
    self.worker = worker
    self.port = port
    self.ids = ids
  }

  /// The same execution with another message: how a task runs the code of another one inline.
  init(_ context: TaskContext, running message: TaskMessage) {
    self = context
    self.message = message
  }

  public var id: TaskID { message.id }
  public var tenant: Tenant { message.tenant }

  /// Why the code should stop; long loops ask now and then.
  public var stopReason: StopReason? { port.stopReason }

  /// Throws `CancellationError` when the code should stop.
  public func checkStop() throws {
    if port.stopReason != nil { throw CancellationError() }
  }

  /// Says how far the work is.
  public func progress(_ current: Double, of total: Double, _ message: String? = nil) {
    var writer = JSONWriter(reservingCapacity: 64)
    writer.beginObject()
    writer.member("current", current.isFinite ? current : 0)
    writer.member("total", total.isFinite ? total : 0)
    if let message { writer.member("message", message) }
    writer.endObject()
    port.report(progress: writer.finish())
  }

  /// Says how much of what is counted is done.
  public func progress(_ current: Int, of total: Int, _ message: String? = nil) {
    var writer = JSONWriter(reservingCapacity: 64)
    writer.beginObject()
    writer.member("current", current)
    writer.member("total", total)
    if let message { writer.member("message", message) }
    writer.endObject()
    port.report(progress: writer.finish())
  }

  /// Stores any value as progress (Celery's custom state).
  public func progress(_ value: some Encodable) throws {
    port.report(progress: try RawJSONEncoder().encode(value))
  }

  /// Appends a line to the task's log.
  public func log(_ text: String, level: String = "info") {
    port.log(level: level, text)
  }

  /// Submits another task now, as a child of this one.
  public func submit<T: TaskDefinition>(_ task: T.Type, _ input: T.Input) async throws -> TaskID {
    let submission = try child(task, input)
    switch try await port.submit(submission) {
    case .accepted(let id, _), .existing(let id, _): return id
    case .conflict(let error): throw error
    case .queueFull(let depth, let limit): throw EngineError.queueFull(T.options.queue, depth: depth, limit: limit)
    }
  }

  /// Submits another task together with this one's result: both or neither.
  public func submitWithResult<T: TaskDefinition>(_ task: T.Type, _ input: T.Input) throws -> TaskID {
    let submission = try child(task, input)
    port.submitWithResult(submission)
    return submission.message.id
  }

  private func child<T: TaskDefinition>(_ task: T.Type, _ input: T.Input) throws -> Submission {
    var child = TaskMessage(
      id: TaskID(stored: ids.next()), task: T.name, queue: T.options.queue, kwargs: try RawJSONEncoder().encode(input),
      tenant: tenant, priority: T.options.priority)
    child.extras.parentID = id.text
    child.extras.rootID = message.extras.rootID ?? id.text
    child.extras.requestID = message.extras.requestID
    child.extras.traceparent = message.extras.traceparent
    child.extras.tracestate = message.extras.tracestate
    return Submission(child)
  }

  /// Does a step once per generation: the stored value is answered when an earlier attempt got this far.
  ///
  /// The value is durable before this returns. An attempt that dies between the work and its storing repeats the work:
  /// make the work itself idempotent, `idempotencyKey(for:)` gives it a stable key.
  public func step<Value: Codable & Sendable>(
    _ name: String, _ work: () async throws -> Value
  ) async throws -> Value {
    if let stored = try await port.stepResult(name) { return try RawJSONDecoder().decode(Value.self, from: stored) }
    let value = try await work()
    try await port.save(StepResult(name: name, value: try RawJSONEncoder().encode(value)))
    return value
  }

  /// Does something at most once per generation: it is marked before it is tried, so an attempt that dies during it
  /// leaves it undone for ever. For effects where a repetition is worse than an omission.
  public func once(_ name: String, _ work: () async throws -> Void) async throws {
    if try await port.stepResult(name) != nil { return }
    try await port.save(StepResult(name: name, value: .true))
    try await work()
  }

  /// A key that is the same in every attempt of this generation, for services that take idempotency keys. It names the
  /// tenant, because clients choose ids: two tenants may choose the same.
  public func idempotencyKey(for name: String) -> String { "\(tenant)/\(id)/\(generation)/\(name)" }
}
