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

  /// The submission that a body asks for.
  func submission(_ body: RawJSON, idempotency: IdempotencyKey?) async throws -> Submission {
    let wanted = try TaskRequest(body, at: now)
    try await wanted.check(against: known)
    let message = wanted.message(
      id: TaskID(stored: environment.tasks.ids.next()), options: known.registry[wanted.task]?.options, request: request)
    return Submission(message, idempotency: idempotency, unique: wanted.key.map { UniqueKey($0) })
  }
}
