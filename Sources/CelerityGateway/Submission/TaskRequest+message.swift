import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension TaskRequest {
  /// The message of this request, with what the task's own options say where the request says nothing.
  func message(id: TaskID, options: TaskOptions?, request: RouteRequest) -> TaskMessage {
    var message = TaskMessage(
      id: id, task: task, queue: queue ?? options?.queue ?? "default", args: args, kwargs: kwargs,
      tenant: request.tenant, priority: priority ?? options?.priority, eta: eta, expires: expires)
    message.extras.maxRetries = retries
    message.extras.timeLimit = (timeLimit ?? options?.timeLimit)?.inSeconds
    message.extras.softTimeLimit = (softTimeLimit ?? options?.softTimeLimit)?.inSeconds
    message.extras.ignoreResult = options?.ignoresResult == true ? true : nil
    message.extras.tags = tags
    message.extras.callbacks = links?.nonEmpty
    message.extras.errbacks = errorLinks?.nonEmpty
    message.extras.take(request)
    return message
  }

  /// Throws when nobody knows the task or one that is linked to it, or when the arguments do not fit it.
  func check(against known: KnownTasks) async throws {
    guard try await known.contains(task) else {
      throw try await known.refusal(of: task)
    }
    try await called.check(against: known)
    try known.registry[task]?.check(args: args, kwargs: kwargs)
  }
}

extension TaskMessage.Extras {
  /// Takes over what connects a task with the request that led to it.
  mutating func take(_ request: RouteRequest) {
    requestID = request.requestID
    traceparent = request.traceparent
    // W3C Trace Context, 3.3.1.5 lets long states be dropped; 3.3 has none without a traceparent that was understood.
    let isUnderstood = request.headers["traceparent"] == request.traceparent
    tracestate = request.headers["tracestate"].flatMap { isUnderstood && $0.utf8.count <= 512 ? $0 : nil }
  }
}

extension Array {
  fileprivate var nonEmpty: [Element]? { isEmpty ? nil : self }
}
