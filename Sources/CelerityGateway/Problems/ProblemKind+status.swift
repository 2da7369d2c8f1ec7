extension ProblemKind {
  /// The statuses that a problem of this kind is answered with, mostly one.
  var statuses: [Int] { Self.codesByStatus.filter { $0.value.contains(code) }.map(\.key).sorted() }

  /// What happened, in one sentence.
  var firstSentence: String { help.firstRange(of: ". ").map { help[..<$0.lowerBound] + "." } ?? help }

  /// The same codes are in several groups where a request and a part of its body can have the same fault.
  private static let codesByStatus: [Int: [String]] = [
    400: [
      "duplicate-key", "incomplete-body", "invalid-cursor", "invalid-encoding", "invalid-event-id",
      "invalid-host", "invalid-idempotency-key", "invalid-parameter", "invalid-path", "invalid-query",
      "invalid-queue", "json-too-deep", "malformed-json", "malformed-request", "too-many-parameters",
      "unknown-parameter",
    ],
    403: ["cross-site-request", "forbidden", "untrusted-host", "untrusted-proxy"],
    404: [
      "not-dead", "not-found", "unknown-problem", "unknown-queue", "unknown-schedule", "unknown-task",
      "unknown-task-id", "unknown-worker",
    ],
    405: ["method-not-allowed"],
    408: ["request-timeout"],
    409: [
      "already-finished", "conflict", "idempotency-key-in-use", "not-dead", "not-retryable", "schedule-exists",
      "schedule-of-service",
    ],
    410: ["result-expired"],
    412: ["precondition-failed"],
    413: ["payload-too-large", "too-many-items"],
    414: ["uri-too-long"],
    415: ["unsupported-encoding", "unsupported-media-type"],
    417: ["unknown-expectation"],
    422: [
      "idempotency-key-reused", "invalid-arguments", "invalid-query", "invalid-request", "invalid-schedule",
      "unknown-field",
    ],
    431: ["header-fields-too-large"],
    500: ["internal-error"],
    503: ["engine-unavailable", "queue-full", "shutting-down", "storage-full", "too-busy", "too-many-streams"],
  ]
}
