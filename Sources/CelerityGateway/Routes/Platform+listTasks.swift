import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `GET /v1/tasks`
  var listTasks: Route {
    Route(
      .get, "/v1/tasks", operationID: "listTasks", summary: "Tasks, newest first", scope: .permission("tasks:read"),
      parameters: [
        Route.Parameter("state", JSONSchema(.string), "One of Celery's states, or several with commas"),
        Route.Parameter("task", JSONSchema(.string), "Name of the task"),
        Route.Parameter("queue", JSONSchema(.string), "Name of the queue"),
        Route.Parameter(
          "limit", JSONSchema(.integer, defaultValue: .integer(50), minimum: 1, maximum: 200), "Tasks per page"),
        Route.Parameter("cursor", JSONSchema(.string), "next_cursor of the page before"),
      ],
      responses: [Route.Response(200, "A page of tasks")]
    ) { request, environment in
      let query = try Self.recordQuery(request)
      let page = try await environment.tasks.records.list(query)
      var writer = JSONWriter(reservingCapacity: 1024)
      writer.beginObject()
      writer.member("tasks", array: { writer in for record in page.records { TaskView.write(record, to: &writer) } })
      writer.member("next_cursor", orNull: page.next.map { CursorText(query).text(of: $0) })
      writer.member("has_more", page.next != nil)
      writer.endObject()
      return .json(200, writer.finish())
    }
  }

  private static func recordQuery(_ request: RouteRequest) throws(RouteError) -> RecordQuery {
    var query = RecordQuery(tenant: request.tenant)
    if let states = try request.queryValue("state") {
      for word in states.split(separator: ",", omittingEmptySubsequences: false) {
        query.states.insert(try state(String(word)))
      }
    }
    query.task = try request.queryValue("task")
    query.queue = try request.queryValue("queue")
    if let text = try request.queryValue("limit") {
      guard let limit = Int(text), (1...200).contains(limit) else {
        throw .invalidParameter("limit", "must be an integer from 1 to 200")
      }
      query.limit = limit
    }
    if let text = try request.queryValue("cursor") {
      guard let cursor = CursorText(query).cursor(text) else {
        throw RouteError(400, "invalid-cursor", "the cursor is damaged or belongs to other filters")
      }
      query.cursor = cursor
    }
    return query
  }

  private static func state(_ word: String) throws(RouteError) -> TaskState {
    guard let state = TaskState(rawValue: word) else {
      let guess = closestMatch(to: word, among: TaskState.allCases.map(\.rawValue))
      throw .invalidParameter("state", "'\(word)' is no state", hint: guess.map { "did you mean '\($0)'?" })
    }
    return state
  }
}

extension RouteError {
  /// A query parameter has a value that it can't have.
  static func invalidParameter(_ name: String, _ detail: String, hint: String? = nil) -> RouteError {
    RouteError(400, "invalid-parameter", "the query parameter '\(name)': \(detail)", hint: hint)
  }
}
