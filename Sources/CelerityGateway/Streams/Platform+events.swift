import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `GET /v1/events` and `GET /v1/tasks/{id}/events`
  var eventRoutes: [Route] { [events, taskEvents] }

  private var events: Route {
    Route(
      .get, "/v1/events", operationID: "streamEvents", summary: "Changes of all tasks, as they happen",
      details: """
        Server-sent events. `task`: a task came into another state; `progress`: running code reported; `gap`: changes \
        after the number in it are gone for good, so lists have to be read again; `shutdown`: the gateway stops, come \
        back in two seconds. Comments keep the connection alive. A client that is slow, or that was away and comes back \
        with `Last-Event-ID`, misses no task, but gets each in its present state alone.
        """,
      tag: "events", scope: .permission("tasks:read"),
      parameters: [.statesFilter, .taskFilter, .queueFilter, .lastEventID], headers: [.lastEventIDField],
      responses: [
        .eventStream("`task` and `progress` events carry a small object; see the reference of events"),
        .problem(400, "invalid-parameter", "invalid-event-id"), .noStream,
      ]
    ) { [streams] request, environment in
      let filter = try FeedFilter(request)
      let position = try request.lastEventID()
      guard request.method != "HEAD" else { return .eventStream(AsyncStream { nil }) }
      return .eventStream(try await streams.stream(filter, after: position))
    }
  }

  private var taskEvents: Route {
    Route(
      .get, "/v1/tasks/{id}/events", operationID: "streamTaskEvents",
      summary: "A task's changes and log, as they happen",
      details: """
        Server-sent events. The stream begins with the task as it is and its log so far. `task` and `progress` carry the \
        whole task, `log` a line of its log, and `end` follows the last of them once the task has ended; then the stream \
        ends. `gap`: lines of the log are gone for good. `shutdown`: the gateway stops, come back in two seconds. A \
        client that comes back after `end` is answered 204, which tells a browser to stop.
        """,
      tag: "events", scope: .permission("tasks:read"), pathParameters: ["id": .taskID], parameters: [.lastEventID],
      headers: [.lastEventIDField],
      responses: [
        .eventStream("`task` and `progress` events carry a Task, `log` events a LogLine"),
        Route.Response(204, "The client has seen the end, and nothing came after it"),
        .problem(400, "invalid-event-id"), .noStream,
      ] + Route.Response.taskGone
    ) { [streams] request, environment in
      let key = try request.taskKey()
      let position = try request.lastEventID()
      // The place first: what changes from here on rings.
      let ticket = request.method == "HEAD" ? nil : try streams.openTask(key)
      let record = try await environment.tasks.records.records([key])[0].known(key.id)
      if let position, position.isEnd, record.state.isTerminal, record.seq <= position.seq {
        return RouteResponse(204)
      }
      guard let ticket else { return .eventStream(AsyncStream { nil }) }
      return .eventStream(
        streams.stream(
          key, ticket, after: position, records: environment.tasks.records, progress: environment.progress))
    }
  }
}

extension RouteResponse {
  /// An answer that is a stream of events.
  fileprivate static func eventStream(_ pieces: AsyncStream<[UInt8]>) -> RouteResponse {
    RouteResponse(
      200, headers: StreamTerms.headers,
      body: .stream(pieces, contentType: ServerSentEvent.contentType, farewell: StreamTerms.farewell))
  }
}

extension RouteRequest {
  /// Where the client wants to go on. The field wins: a browser that comes back sends it with the URL it began with.
  fileprivate func lastEventID() throws(RouteError) -> StreamPosition? {
    let parameter = try queryValue("last_event_id")
    guard let text = headers["last-event-id"] ?? parameter, !text.isEmpty else { return nil }
    guard let position = StreamPosition(text) else {
      throw RouteError(
        400, "invalid-event-id", "no stream has sent the event id that is to be gone on from",
        hint: "send the id of an event back as it came, 0 for everything there is, or leave it out")
    }
    return position
  }
}

extension FeedFilter {
  fileprivate init(_ request: RouteRequest) throws(RouteError) {
    self.init(tenant: request.tenant)
    task = try request.queryValue("task")
    queue = try request.queryValue("queue")
    for word in try request.queryValue("state")?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
      guard let state = TaskState(rawValue: String(word)) else {
        let guess = closestMatch(to: String(word), among: TaskState.allCases.map(\.rawValue))
        throw .invalidParameter("state", "'\(word)' is no state", hint: guess.map { "did you mean '\($0)'?" })
      }
      states.insert(state)
    }
  }
}

extension Route.Parameter {
  fileprivate static let statesFilter = Route.Parameter(
    "state", JSONSchema(.string, example: .string("SUCCESS,FAILURE")), "States of interest, with commas between them")
  fileprivate static let taskFilter = Route.Parameter("task", JSONSchema(.string), "Name of the task")
  fileprivate static let queueFilter = Route.Parameter("queue", JSONSchema(.string), "Name of the queue")
  fileprivate static let lastEventID = Route.Parameter(
    "last_event_id", JSONSchema(.string), "As `Last-Event-ID`, for clients that can't send it; the field wins")
  fileprivate static let lastEventIDField = Route.Parameter(
    "Last-Event-ID", JSONSchema(.string), "The last id the client has seen: the stream goes on behind it")
}

extension Route.Response {
  fileprivate static func eventStream(_ description: String) -> Route.Response {
    Route.Response(200, description, JSONSchema(.string), contentType: ServerSentEvent.contentType)
  }

  fileprivate static let noStream = Route.Response.problem(
    503, "too-many-streams", "engine-unavailable", "shutting-down", headers: [.retryAfter])
}
