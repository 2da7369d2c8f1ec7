/// A kind of problem: the stable code, its title, and what `GET /problems/{code}` says about it.
struct ProblemKind: Sendable, Hashable {
  let code: String
  let title: String
  /// What happened, and why.
  let help: String
  /// What to do about it.
  let remedy: String

  /// The kind of a code; services may have codes of their own, which have no page here.
  static subscript(code: String) -> ProblemKind? { byCode[code] }

  private static let byCode = Dictionary(all.map { ($0.code, $0) }) { first, _ in first }

  private init(_ code: String, _ title: String, _ help: String, _ remedy: String = "") {
    self.code = code
    self.title = title
    self.help = help
    self.remedy = remedy
  }
}

extension ProblemKind {
  /// Every kind that the platform answers with.
  static let all = access + framing + addressing + bodies + submissions + tasks + schedules + failures

  private static let access = [
    ProblemKind(
      "cross-site-request", "Cross-site request",
      "A browser sent this for a page of another site. Such pages may read nothing and change nothing here.",
      "Send the request from a page of this gateway, or from a program that is no browser."),
    ProblemKind(
      "untrusted-host", "Untrusted host name",
      "The Host field names neither 127.0.0.1, ::1 nor localhost. Other names can be allowed.",
      "Ask for 127.0.0.1 or localhost, or add the name to the setting gateway.allowed_hosts."),
    ProblemKind(
      "untrusted-proxy", "Untrusted proxy",
      "The request carries a field that proxies add, such as X-Forwarded-For. Without keys only this machine is served, "
        + "and a proxy would let others in.",
      "Call the gateway directly, without the proxy, from the machine it runs on."),
  ]

  private static let framing = [
    ProblemKind(
      "header-fields-too-large", "Header fields too large",
      "The names and values of a request's fields may have 32 KiB together, and there may be 100 of them.",
      "Send fewer and shorter fields; large cookies are the usual cause."),
    ProblemKind(
      "invalid-host", "Invalid Host field", "Send exactly one Host field with each request, as HTTP/1.1 asks for.",
      "Let the client library write the Host field, and write none yourself."),
    ProblemKind(
      "malformed-request", "Malformed request",
      "The bytes break the grammar of HTTP/1.1: a field without a colon, contradicting lengths, a broken chunk.",
      "Use an HTTP library; when you do already, look at what stands between it and the gateway."),
    ProblemKind(
      "request-timeout", "Request timeout",
      "A request's head has 10 seconds to arrive and its body 30, unless the gateway is set otherwise.",
      "Send the request again on a new connection, all of it at once."),
    ProblemKind(
      "unknown-expectation", "Unknown expectation", "The only expectation that can be met is 100-continue.",
      "Leave the Expect field out."),
    ProblemKind(
      "uri-too-long", "URI too long", "A request's target may have 8 KiB.",
      "Put what is long into the body, or shorten the search."),
  ]

  private static let addressing = [
    ProblemKind(
      "invalid-cursor", "Invalid cursor",
      "A cursor comes from next_cursor of the page before and fits only the same filters.",
      "Begin again without a cursor, and keep the filters as they are from page to page."),
    ProblemKind(
      "invalid-event-id", "Invalid event id",
      "Last-Event-ID carries the id of an event exactly as the stream sent it; 0 stands for all there is.",
      "Send back the id of the last event that arrived, or leave the field out."),
    ProblemKind(
      "invalid-parameter", "Invalid query parameter", "A query parameter has a value that it can't have.",
      "Look at the detail for the values that are possible, and at the reference for what they mean."),
    ProblemKind(
      "invalid-path", "Invalid path",
      "The path holds what RFC 3986 does not allow, a broken escape, NUL, or a dot segment. Nothing is repaired.",
      "Percent-encode each segment of the path once, and write no dot segments."),
    ProblemKind(
      "invalid-query", "Invalid query",
      "The query string holds bytes that must be percent-encoded, a broken escape, or a parameter twice; or the filter in q "
        + "can't be read: the detail says what is wrong and at which byte.",
      "Let a library encode the query, and give each parameter once; mend the filter at the byte that the detail names."
    ),
    ProblemKind(
      "method-not-allowed", "Method not allowed", "The Allow field lists the methods of this path.",
      "Use one of the methods that the Allow field lists."),
    ProblemKind(
      "not-found", "Not found",
      "Nothing has this path, or nothing of this name or id is there. GET / lists where to begin.",
      "Compare the path with the reference."),
    ProblemKind(
      "too-many-parameters", "Too many query parameters", "A query may have 100 parameters.",
      "Send fewer parameters; one filter in q can say what many of them say."),
    ProblemKind(
      "unknown-parameter", "Unknown query parameter", "Mistyped parameters are refused, not ignored.",
      "Correct the name; the hint has the nearest one that is known."),
    ProblemKind(
      "unknown-problem", "Unknown problem code", "No problem of the platform has this code.",
      "Look the code up in the list of all errors."),
  ]

  private static let bodies = [
    ProblemKind(
      "duplicate-key", "Duplicate key", "An object of the body has a name twice; readers would disagree about it.",
      "Write each name once."),
    ProblemKind(
      "incomplete-body", "Incomplete body", "The body ended before its declared length.",
      "Send it again with the right Content-Length."),
    ProblemKind(
      "invalid-encoding", "Invalid encoding", "The body must be UTF-8 without a byte order mark or lone surrogates.",
      "Encode the body as UTF-8 and leave the byte order mark out."),
    ProblemKind(
      "json-too-deep", "JSON too deep", "Arrays and objects may be nested 64 deep.",
      "Nest less, or send the inner part as a string."),
    ProblemKind(
      "malformed-json", "Malformed JSON", "The body is no JSON text of RFC 8259; the detail says where.",
      "Let a library write the JSON, and look at the byte that the detail names."),
    ProblemKind(
      "payload-too-large", "Payload too large", "The body is longer than this route takes.",
      "Send less at once. Large data belongs into storage of its own, with its address in the arguments."),
    ProblemKind(
      "unsupported-encoding", "Unsupported content encoding", "Send the body without Content-Encoding.",
      "Send the body as it is, not compressed."),
    ProblemKind(
      "unsupported-media-type", "Unsupported media type",
      "Send the body with a Content-Type that the route takes: application/json, unless it says otherwise.",
      "Say with Content-Type what the body is; Accept-Post lists what is possible."),
  ]

  private static let submissions = [
    ProblemKind(
      "idempotency-key-in-use", "Idempotency key in use",
      "A request under the same Idempotency-Key is still being worked on.",
      "Send it again when that one was answered; it is answered with the same tasks."),
    ProblemKind(
      "idempotency-key-reused", "Idempotency key reused",
      "The Idempotency-Key was sent before with another body. Use a new key for new work.",
      "Take a new key for new work, and the old body for a repetition."),
    ProblemKind(
      "invalid-arguments", "Invalid arguments", "The arguments do not fit the task; the errors point at each of them.",
      "Mend what the pointers name; `GET /v1/kinds/{name}` shows what the task takes."),
    ProblemKind(
      "invalid-idempotency-key", "Invalid idempotency key",
      "An Idempotency-Key has 1 to 255 printable ASCII characters, with or without quotes.", "Use a UUID."),
    ProblemKind(
      "invalid-request", "Invalid request", "The body is JSON but not what this route takes; the errors say where.",
      "Mend what the pointers name."),
    ProblemKind(
      "unknown-field", "Unknown field", "Mistyped fields are refused, not ignored.",
      "Correct the name; the hint has the nearest one that is known."),
    ProblemKind(
      "too-many-items", "Too many items", "A bulk submission has at most 10,000 items.",
      "Send several requests, each under an Idempotency-Key of its own."),
    ProblemKind(
      "unknown-task", "Unknown task",
      "No task of this name is registered here, announced by a worker, or listed in the settings.",
      "Correct the name, start a worker that has the task, or list it under `gateway.external_tasks`."),
  ]

  private static let tasks = [
    ProblemKind(
      "already-finished", "Already finished", "The task has ended; its state is in the detail.",
      "Nothing is left to be done; read its result."),
    ProblemKind(
      "conflict", "Conflict", "What is asked for contradicts what is stored.", "Read the present state and decide anew."
    ),
    ProblemKind(
      "invalid-queue", "Invalid queue name", "A queue's name has 1 to 200 bytes, no control characters, no '/'.",
      "Choose a name without control characters and slashes."),
    ProblemKind(
      "not-dead", "Not a dead letter", "The task is there, but it was not given up; its state is in the detail.",
      "GET /v1/tasks/{id} shows it; POST /v1/tasks/{id}:cancel ends one that waits or runs."),
    ProblemKind(
      "not-retryable", "Not retryable",
      "Only a task that ended without success can run again. One that succeeded, waits or runs is left alone.",
      "Submit the work anew if it is to be done once more."),
    ProblemKind(
      "result-expired", "Result expired", "The task ended and its record was removed when its retention was over.",
      "Submit the task again, or keep results longer by the retention settings."),
    ProblemKind(
      "unknown-queue", "Unknown queue", "No task was ever sent to a queue of this name.",
      "Correct the name; `GET /v1/queues` lists those that are there."),
    ProblemKind(
      "unknown-worker", "Unknown worker",
      "No worker of this name has announced itself lately.", "GET /v1/workers lists those that are there."),
    ProblemKind(
      "unknown-task-id", "Unknown task id", "No task has this id, or it has been forgotten.",
      "Compare the id with the one that the submission answered."),
  ]

  private static let schedules = [
    ProblemKind(
      "invalid-schedule", "Invalid schedule",
      "The schedule can't be read or kept; the errors say what is wrong.",
      "Mend what the errors point at; GET /v1/schedules:next tries a schedule out without storing it."),
    ProblemKind(
      "precondition-failed", "Precondition failed",
      "Somebody changed it since the ETag that If-Match names.", "Read it again and decide anew."),
    ProblemKind(
      "schedule-exists", "Schedule exists", "There is a schedule of this name.",
      "Choose another name, or replace it with PUT /v1/schedules/{name}."),
    ProblemKind(
      "schedule-of-service", "Schedule of a service",
      "The schedule stands in a service's code, so it can't be replaced or deleted here.",
      "Pause it and add one of your own under another name, or change the service."),
    ProblemKind(
      "unknown-schedule", "Unknown schedule", "There is no schedule of this name.",
      "GET /v1/schedules lists those that there are."),
  ]

  private static let failures = [
    ProblemKind(
      "engine-unavailable", "Store unavailable", "The store can't be reached. Nothing was accepted; ask again later.",
      "Send it again after the seconds in Retry-After; when that goes on, look at the gateway's log."),
    ProblemKind(
      "internal-error", "Internal error", "A fault of the platform. It was logged under the trace's id.",
      "Report it with the trace's id; sending it again may help."),
    ProblemKind(
      "forbidden", "Forbidden",
      "A service does not do this for who asks, and has done nothing. It may have reported the attempt.",
      "Ask as somebody who may, in the way that the service's page tells."),
    ProblemKind(
      "queue-full", "Queue full", "As many tasks wait in the queue as its limit allows. Nothing was accepted.",
      "Try again after the time in Retry-After, or add workers."),
    ProblemKind(
      "too-many-streams", "Too many event streams",
      "As many event streams are open as the gateway serves. Ask again when some have ended.",
      "Close streams that nobody reads, or follow all tasks with one stream."),
    ProblemKind(
      "shutting-down", "Shutting down", "The gateway is stopping. Ask again in a moment.",
      "Send it again after the seconds in Retry-After."),
    ProblemKind(
      "storage-full", "Storage full", "The store has no room left. Nothing was accepted.",
      "Make room on the disk of the data directory."),
    ProblemKind(
      "too-busy", "Too busy", "Too many large bodies are being worked on at once. Nothing was accepted.",
      "Send it again in a moment, or smaller."),
  ]
}
