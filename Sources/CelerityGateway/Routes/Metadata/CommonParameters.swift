import CelerityCore
import CelerityJSON
import CelerityRoutes

/// Parameters and fields that several routes share.
extension Route.Parameter {
  static let idempotencyKey = Route.Parameter(
    "Idempotency-Key", JSONSchema(.string, minimumLength: 1, maximumLength: 257),
    "Makes repeated requests one: within a day the same key with the same body answers the task of the first time")
  static let prefer = Route.Parameter(
    "Prefer", JSONSchema(.string, example: .string("wait=10")),
    "`wait=n` holds the answer up to n seconds, at most 30, for the end of the task (RFC 7240)")
  static let requestID = Route.Parameter(
    "X-Request-ID", JSONSchema(.string, maximumLength: 128),
    "Finds the request in logs, and the task's log lines; echoed, and made when it is left out")
  static let traceparent = Route.Parameter(
    "traceparent", JSONSchema(.string), "W3C trace context; goes along with the task and into problems")
  static let tracestate = Route.Parameter(
    "tracestate", JSONSchema(.string, maximumLength: 512), "W3C trace state; goes along with the task")
  static let ifNoneMatch = Route.Parameter(
    "If-None-Match", JSONSchema(.string), "ETag of what is known already; 304 when nothing changed")

  static let ifMatch = Route.Parameter(
    "If-Match", JSONSchema(.string), "ETag of what is to be changed; 412 when somebody else has changed it meanwhile")

  /// Fields that every submission heeds.
  static let submissionFields: [Route.Parameter] = [idempotencyKey, requestID, traceparent, tracestate]

  static let taskID = Route.Parameter(
    "id", JSONSchema(.string, minimumLength: 1, maximumLength: 255), "The task's id, percent-encoded where it must be")
  static let queueName = Route.Parameter(
    "name", JSONSchema(.string, minimumLength: 1, maximumLength: 200), "The queue's name, percent-encoded")

  static let location = Route.Parameter("Location", JSONSchema(.string), "Path of what was made")
  static let retryAfter = Route.Parameter(
    "Retry-After", JSONSchema(.integer, minimum: 0), "Seconds after which to ask again")
  static let replayed = Route.Parameter(
    "Idempotency-Replayed", JSONSchema(.string, values: [.string("true")]),
    "The answer is that of an earlier request under the same key")
  static let preferenceApplied = Route.Parameter(
    "Preference-Applied", JSONSchema(.string, example: .string("wait=10")), "The preference that was heeded")
  static let etag = Route.Parameter("ETag", JSONSchema(.string), "Changes with every change of what is shown")
  static let link = Route.Parameter(
    "Link", JSONSchema(.string), "The next page as rel=\"next\" (RFC 8288), when there is one")
}
