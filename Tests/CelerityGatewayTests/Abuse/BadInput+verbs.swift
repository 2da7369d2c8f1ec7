extension BadInput {
  /// Verbs of tasks, queues, workers, schedules and dead letters.
  static let verbs: [BadInput] = [
    request("retrying an unknown id", "POST /v1/tasks/no-such-task:retry", is: 404, "unknown-task-id"),
    request("the log of an unknown id", "GET /v1/tasks/no-such-task/logs", is: 404, "unknown-task-id"),
    request("why of an unknown id", "GET /v1/tasks/no-such-task/why", is: 404, "unknown-task-id"),
    request("why of a long id", "GET /v1/tasks/\(filler(256))/why", is: 404, "unknown-task-id"),
    request("a negative line", "GET /v1/tasks/x/logs?after=-1", is: 400, "invalid-parameter"),
    request("a huge line", "GET /v1/tasks/x/logs?after=99999999999999999999", is: 400, "invalid-parameter"),
    request("1,001 lines", "GET /v1/tasks/x/logs?limit=1001", is: 400, "invalid-parameter"),
    request("lines in words", "GET /v1/tasks/x/logs?limit=all", is: 400, "invalid-parameter"),
    request("GET of retry", "GET /v1/tasks/x:retry", is: 405, "method-not-allowed"),
    request("POST of why", "POST /v1/tasks/x/why", is: 405, "method-not-allowed"),
    request("an unknown queue", "GET /v1/queues/nowhere", is: 404, "unknown-queue"),
    request("an illegal queue to show", "GET /v1/queues/a%2Fb", is: 400, "invalid-queue"),
    request("a long queue name", "GET /v1/queues/\(filler(201))", is: 400, "invalid-queue"),
    sent("a move without a body", "POST /v1/queues/a:move", "", is: 400, "malformed-json"),
    sent("a move to nowhere", "POST /v1/queues/a:move", "{}", is: 422, "invalid-request"),
    sent("a move to a list", "POST /v1/queues/a:move", #"{"to": ["b"]}"#, is: 422, "invalid-request"),
    request("an unknown worker", "GET /v1/workers/nobody", is: 404, "unknown-worker"),
    request("an order for nobody", "POST /v1/workers/nobody:quiet", is: 404, "unknown-worker"),
    sent("no slots", "POST /v1/workers/nobody:scale", #"{"concurrency": 0}"#, is: 422, "invalid-request"),
    sent("half a slot", "POST /v1/workers/nobody:scale", #"{"concurrency": 0.5}"#, is: 422, "invalid-request"),
    request("an unknown kind", "GET /v1/kinds/no.such.kind", is: 404, "unknown-task"),
    request("an unknown dead letter", "GET /v1/dead/nobody", is: 404, "unknown-task-id"),
    request("redriving nobody", "POST /v1/dead/nobody:redrive", is: 404, "unknown-task-id"),
    request("an unknown reason", "GET /v1/dead?reason=boredom", is: 400, "invalid-parameter"),
    request("a state of dead letters", "GET /v1/dead?state=FAILURE", is: 400, "unknown-parameter"),
    sent("discarding nothing in particular", "POST /v1/dead:discard", "{}", is: 422, "invalid-request"),
    sent("discarding without a body", "POST /v1/dead:discard", "", is: 400, "malformed-json"),
    sent("discarding numbers", "POST /v1/dead:discard", #"{"ids": [1]}"#, is: 422, "invalid-request"),
    sent("discarding by a broken filter", "POST /v1/dead:discard", #"{"q": "("}"#, is: 422, "invalid-query"),
    sent("an unknown member of a selection", "POST /v1/dead:redrive", #"{"id": "a"}"#, is: 422, "unknown-field"),
    request("a discard of many by GET", "GET /v1/dead:discard", is: 405, "method-not-allowed"),
  ]

  /// Searches.
  static let searches: [BadInput] = [
    request("an open parenthesis", "GET /v1/tasks?q=(", is: 400, "invalid-query"),
    request("an open quotation mark", "GET /v1/tasks?q=%22a", is: 400, "invalid-query"),
    request("an unknown qualifier", "GET /v1/tasks?q=stat:FAILURE", is: 400, "invalid-query"),
    request("a long filter", "GET /v1/tasks?q=\(filler(1025))", is: 400, "invalid-query"),
    request("65 terms", "GET /v1/tasks?q=\(filler(65, "a+"))", is: 400, "invalid-query"),
    request("a deep filter", "GET /v1/tasks?q=\(filler(17, "("))a\(filler(17, ")"))", is: 400, "invalid-query"),
    request("a filter of NUL", "GET /v1/tasks?q=%00", is: 400, "invalid-query"),
    request("a filter in Latin-1", "GET /v1/tasks?q=%E9", is: 400, "invalid-query"),
    request("two filters", "GET /v1/tasks?q=a&q=b", is: 400, "invalid-query"),
  ]

  /// Schedules.
  static let schedules: [BadInput] = [
    request("an unknown schedule", "GET /v1/schedules/nothing", is: 404, "unknown-schedule"),
    request("a name that no schedule has", "GET /v1/schedules/a%2Fb", is: 404, "unknown-schedule"),
    request("deleting an unknown schedule", "DELETE /v1/schedules/nothing", is: 404, "unknown-schedule"),
    request("running an unknown schedule", "POST /v1/schedules/nothing:run", is: 404, "unknown-schedule"),
    sent("a schedule without a body", "POST /v1/schedules", "", is: 400, "malformed-json"),
    sent("a schedule that is an array", "POST /v1/schedules", "[]", is: 422, "invalid-schedule"),
    sent("a schedule of nothing", "POST /v1/schedules", "{}", is: 422, "invalid-schedule"),
    sent("a schedule that never was", "PUT /v1/schedules/x", #"{"schedule": "never"}"#, is: 422, "invalid-schedule"),
    sent("a schedule of every 0 s", "POST /v1/schedules", schedule("every 0s"), is: 422, "invalid-schedule"),
    sent("a cron bomb", "POST /v1/schedules", schedule("1-1000000000 * * * *"), is: 422, "invalid-schedule"),
    sent(
      "a long cron list", "POST /v1/schedules", schedule(filler(100_000, "1,") + "1 * * * *"), is: 422,
      "invalid-schedule"),
    sent(
      "a schedule of an unknown task", "POST /v1/schedules", schedule("@daily", "demo.nothing"), is: 404, "unknown-task"
    ),
    sent("a path in a zone", "POST /v1/schedules", zoned("../../etc/passwd"), is: 422, "invalid-schedule"),
    request("a preview of nothing", "GET /v1/schedules:next", is: 400, "invalid-parameter"),
    request("a preview of nonsense", "GET /v1/schedules:next?schedule=soon", is: 422, "invalid-schedule"),
    request("1,000 previews", "GET /v1/schedules:next?schedule=@daily&count=1000", is: 400, "invalid-parameter"),
    request(
      "a preview beyond time", "GET /v1/schedules:next?schedule=@daily&after=99999-01-01T00:00:00Z", is: 400,
      "invalid-parameter"),
    request("PATCH of a schedule", "PATCH /v1/schedules/x", is: 405, "method-not-allowed"),
    request("PUT of all schedules", "PUT /v1/schedules", is: 405, "method-not-allowed"),
  ]

  /// A body for a route.
  private static func sent(_ name: String, _ line: String, _ body: String, is status: Int, _ code: String) -> BadInput {
    request(
      name, line, ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"], body: Array(body.utf8),
      is: status, code)
  }

  private static func schedule(_ text: String, _ task: String = "demo.echo") -> String {
    #"{"name": "n", "schedule": "\#(text)", "task": "\#(task)", "args": [1]}"#
  }

  private static func zoned(_ zone: String) -> String {
    #"{"name": "n", "schedule": "@daily", "timezone": "\#(zone)", "task": "demo.echo", "args": [1]}"#
  }
}
