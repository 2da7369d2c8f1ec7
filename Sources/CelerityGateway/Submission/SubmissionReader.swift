import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// Turns what a client asks for into submissions: reads, checks against what is known of the task, fills in.
struct SubmissionReader: Sendable {
  let known: KnownTasks
  let environment: ServiceEnvironment
  let request: RouteRequest
  /// What countdowns and lifetimes count from.
  let now: Timestamp

  init(_ known: KnownTasks, _ environment: ServiceEnvironment, _ request: RouteRequest) {
    self.known = known
    self.environment = environment
    self.request = request
    now = environment.time.now
  }

  /// The submissions that a body asks for.
  func work(_ body: RawJSON, idempotency: IdempotencyKey?) async throws -> WantedWork {
    if StepReader.workflowFields.contains(where: { body[$0].map { !$0.isNull } ?? false }) {
      return try await workflow(body, idempotency)
    }
    let wanted = try TaskRequest(body, at: now)
    try await wanted.check(against: known)
    let message = wanted.message(
      id: TaskID(stored: environment.tasks.ids.next()), options: known.registry[wanted.task]?.options, request: request)
    let submission = Submission(
      message.routed { known.registry[$0]?.options.queue }, idempotency: idempotency,
      unique: wanted.key.map { UniqueKey($0) })
    return WantedWork(submissions: [submission])
  }

  private func workflow(_ body: RawJSON, _ idempotency: IdempotencyKey?) async throws -> WantedWork {
    var fields = FieldReader(body, known: TaskRequest.fields + ["options", "immutable"])
    var steps = StepReader(now: now)
    steps.tags = TaskRequest.tags(&fields)
    let key = fields.string("key", bytes: 1...255)
    if key != nil, !fields.has("task") {
      fields.refuse("key", "belongs to a task: without one there is nothing to hold it")
    }
    let signature = steps.workflow(&fields)
    try fields.finish()
    guard let signature else { throw RouteError(422, "invalid-request", "the body asks for no task") }
    try await steps.called.check(against: known)
    let publication: Publication
    do {
      publication = try Canvas.publish(signature, context: context, ids: ids(idempotency), now: now)
    } catch {
      throw RouteError(422, "invalid-request", error.description)
    }
    var submissions = publication.submissions
    guard !submissions.isEmpty else { throw RouteError(422, "invalid-request", "the body asks for no task") }
    submissions[0].idempotency = idempotency
    submissions[0].unique = key.map { UniqueKey($0) }
    return WantedWork(submissions: submissions, workflow: Workflow(publication.result))
  }

  private var context: CanvasContext {
    let registry = known.registry
    var context = CanvasContext(tenant: request.tenant) { registry[$0]?.options.queue }
    var extras = TaskMessage.Extras()
    extras.take(request)
    context.requestID = extras.requestID
    context.traceparent = extras.traceparent
    context.tracestate = extras.tracestate
    return context
  }

  /// A request that is repeated under its key means the same tasks.
  private func ids(_ idempotency: IdempotencyKey?) -> any IDSource {
    guard let idempotency else { return StepIDs(environment.tasks.ids.next()) }
    let root = DerivedIDs("\(request.tenant)/idempotency/\(idempotency.key)/\(idempotency.fingerprint)")
    return StepIDs(root.next())
  }
}
