import CelerityCore
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `GET /v1/tasks/{id}/why`
  var explainTask: Route {
    Route(
      .get, "/v1/tasks/{id}/why", operationID: "explainTask", summary: "Why a task is in the state that it is in",
      details: "Made for people: codes are stable, sentences may change.", tag: "tasks",
      scope: .permission("tasks:read"), pathParameters: ["id": .taskID],
      responses: [.ok(200, "A sentence, and all reasons that are known", "TaskExplanation")] + Route.Response.taskGone
    ) { request, environment in
      let key = try request.taskKey()
      let record = try await environment.tasks.records.records([key])[0].known(key.id)
      let around = try await TaskExplanation.Surroundings(record, environment)
      return .json(200, TaskExplanation(record, around, now: environment.time.now).json)
    }
  }
}

extension TaskExplanation.Surroundings {
  /// Pages of a queue's tasks among which a place is counted; beyond that it is not worth the reading. A page is bounded
  /// by bytes too.
  private static let pageLimit = 10

  /// Looks up what is around a task, as far as its phase makes it of interest.
  init(_ record: TaskRecord, _ environment: ServiceEnvironment) async throws(EngineError) {
    guard record.phase != .finished, record.phase != .promised else { return }
    let present = try await environment.presence.workers()
    isHolderPresent = record.worker.map { holder in present.contains { $0.name == holder } } ?? true
    guard record.phase != .leased else { return }
    workers = present.filter { $0.queues.contains(record.message.queue) }
    let name = QueueKey(record.message.queue, tenant: record.message.tenant)
    queue = try await environment.tasks.engine.queues(of: name.tenant).first { $0.key == name }
    if record.phase == .ready { position = try await Self.position(record, environment) }
  }

  /// How many ready tasks of its queue come before it: those with a smaller rank, and of equal ones the older.
  private static func position(
    _ record: TaskRecord, _ environment: ServiceEnvironment
  ) async throws(EngineError) -> Int? {
    // Page by page, because a record may be large; nothing of one is kept.
    var query = RecordQuery(
      tenant: record.message.tenant, states: [.pending, .retry], queue: record.message.queue,
      limit: RecordListing.pageLimit)
    var (before, pages, isBehind) = (0, 0, false)
    repeat {
      let page = try await environment.tasks.records.list(query)
      for other in page.records {
        if other.key == record.key {
          isBehind = true
        } else if other.phase == .ready, other.rank < record.rank || (other.rank == record.rank && isBehind) {
          before += 1
        }
      }
      pages += 1
      query.cursor = page.next
    } while query.cursor != nil && pages < pageLimit
    return query.cursor == nil && isBehind ? before : nil
  }
}
