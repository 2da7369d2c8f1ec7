import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension FinanceRoutes {
  /// `GET /tasks`
  func list(_ path: String, _ operationID: String) -> Route {
    Route(
      .get, PathTemplate(path), operationID: operationID, summary: "The service's tasks, newest first.",
      details: """
        `total` counts all tasks that fit, on whatever page they are. A page of tasks that come and go meanwhile may \
        repeat or miss some, as offsets do; the cursors of `GET /v1/tasks` don't. In a store so large that counting takes \
        longer than 20 ms, `total` may be as old as ten times what counting takes. A result longer than 4 KiB is left out \
        of lists: `result_omitted` says so.
        """,
      parameters: [
        .init(
          "status", JSONSchema(.string, values: TaskState.allCases.map { .string($0.rawValue) }),
          "Only tasks of this state."),
        .init("priority", JSONSchema(.string, values: PriorityBand.values), "Only tasks of this priority."),
        .init(
          "limit",
          JSONSchema(.integer, defaultValue: .integer(Int64(TaskListRequest.defaultLimit)), minimum: 1, maximum: 1000),
          "Most tasks on the page."),
        .init(
          "offset",
          JSONSchema(
            .integer, defaultValue: .integer(0), minimum: 0, maximum: Double(TaskListRequest.offsets.upperBound)),
          "How many of the newest tasks come before the page."),
      ],
      responses: [
        .init(200, "A page of tasks.", FinanceSchemas.page),
        FinanceSchemas.error(422, "A parameter has a value that it can't have."),
        FinanceSchemas.error(503, "The store can't be asked.", [FinanceSchemas.retryAfter]),
      ], envelope: FinanceEnvelope.envelope
    ) { [tasks, tally] request, environment in
      let wanted = try TaskListRequest(request)
      guard let counts = try await tally.all(request.tenant, environment) else { throw CancellationError() }
      var query = RecordQuery(
        tenant: request.tenant, states: wanted.states, priorities: wanted.band?.priorities, skip: wanted.offset)
      query.tasks = tasks
      let total = counts.total(wanted.states, wanted.band)
      // What is known to be behind the end need not be looked for.
      let isBehindEnd = counts.isExact && wanted.offset >= total
      let page = isBehindEnd ? Page() : try await Self.page(query, limit: wanted.limit, environment)
      return .json(200, Self.view(page, wanted, total: total))
    }
  }

  /// Tasks as JSON, in the order of their list.
  private struct Page {
    var tasks = JSONWriter()
    var count = 0
    var hasMore = false

    init() { tasks.beginArray() }
  }

  /// Tasks are read in small portions, because one record may hold megabytes of arguments and result.
  private static let portion = 20

  private static func page(
    _ query: RecordQuery, limit: Int, _ environment: ServiceEnvironment
  ) async throws(EngineError) -> Page {
    var query = query
    var page = Page()
    repeat {
      query.limit = min(portion, limit - page.count)
      let found = try await environment.tasks.records.list(query)
      for record in found.records { TaskView.writeListed(record, &page.tasks) }
      page.count += found.records.count
      query.cursor = found.next
      query.skip = 0
    } while query.cursor != nil && page.count < limit
    page.hasMore = query.cursor != nil
    return page
  }

  private static func view(_ page: Page, _ wanted: TaskListRequest, total: Int) -> RawJSON {
    var tasks = page.tasks
    tasks.endArray()
    var writer = JSONWriter(reservingCapacity: 256)
    writer.beginObject()
    writer.member("tasks", tasks.finish())
    writer.member("total", total)
    writer.member("limit", wanted.limit)
    writer.member("offset", wanted.offset)
    writer.member("has_more", page.hasMore)
    writer.endObject()
    return writer.finish()
  }
}
