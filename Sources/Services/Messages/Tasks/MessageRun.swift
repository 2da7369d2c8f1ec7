import CelerityCore
import CelerityTasks

/// One attempt at a message.
struct MessageRun: Sendable {
  let row: MessageRow
  let text: String
  let shelf: Shelf
  let context: TaskContext

  private var time: any TimeSource { context.resources.time }
  private var now: String { time.now.rfc3339 }

  /// Runs the steps and keeps the history. The last status is durable before this returns, and so before the platform
  /// acknowledges the task.
  func perform() async throws -> AnalyzeMessage.Output {
    if let output = try await known() { return output }
    var log = IterationLog(row: row, context: context, began: time.uptime)
    do {
      try await begin(&log)
      let content = try await storeContent(&log)
      let analysis = try await analyse(content, &log)
      try await raiseAlerts(analysis, &log)
      try await finish(analysis, &log)
      return AnalyzeMessage.Output(messageID: row.messageID, alerts: analysis.alerts, analysis: analysis)
    } catch {
      await note(error, &log)
      throw error
    }
  }

  /// What an earlier run came to, when the task is done already.
  private func known() async throws -> AnalyzeMessage.Output? {
    guard let history = try await shelf.history(of: row.taskID)?.value else {
      throw Reject("the message has no status")
    }
    try refuseRejected(history)
    guard history.status == .done,
      let analysis = try await shelf.read(MessageContent.self, .content, row.messageID)?.value.analysis
    else { return nil }
    return AnalyzeMessage.Output(messageID: row.messageID, alerts: analysis.alerts, analysis: analysis)
  }

  /// The client was told 503 and has it sent again, or not: it is not for us to do it after all.
  private func refuseRejected(_ history: StatusHistory?) throws {
    if history?.status == .rejected { throw Reject("the message was refused when it was posted") }
  }

  private func begin(_ log: inout IterationLog) async throws {
    let writes = try shelf.log(log.add(.received, "received from the queue")) + shelf.log(log.add(.started, "started"))
    let entry = StatusHistory.Entry(
      status: .started, at: now, attempt: context.attempt, worker: context.worker)
    let history = try await shelf.changeHistory(of: row.taskID, with: writes) { history in
      if history.status == .rejected { return }
      // A worker may be quicker than the API's own note that the broker has the task.
      if history.entries.isEmpty { history.add(.init(status: .queued, at: row.receivedAt, attempt: 0)) }
      history.add(entry)
    }
    try refuseRejected(history)
    try await shelf.count(row)
  }

  private func storeContent(_ log: inout IterationLog) async throws -> MessageContent {
    let start = time.uptime
    let found = try await shelf.read(MessageContent.self, .content, row.messageID)?.value
    let content = found ?? MessageContent(content: text, storedAt: now)
    let own = found == nil ? [try shelf.put(.content, row.messageID, content)] : []
    try await commit(own, step: "store_content", since: start, &log)
    return content
  }

  private func analyse(_ content: MessageContent, _ log: inout IterationLog) async throws -> MessageAnalysis {
    let start = time.uptime
    if let analysis = content.analysis {
      try await commit([], step: "analyse", since: start, &log)
      return analysis
    }
    try context.checkStop()
    let analysis = MessageAnalysis(of: content.content)
    try context.checkStop()
    var analysed = content
    analysed.analysis = analysis
    analysed.analysedAt = now
    try await commit([try shelf.put(.content, row.messageID, analysed)], step: "analyse", since: start, &log)
    return analysis
  }

  private func raiseAlerts(_ analysis: MessageAnalysis, _ log: inout IterationLog) async throws {
    let start = time.uptime
    let alarm = Alarm(resources: context.resources, shelf: shelf)
    for kind in analysis.alerts {
      let entry = AlertEntry(
        alertID: "\(row.taskID).\(kind.rawValue)", kind: kind, description: Self.describe(kind, analysis, row),
        taskID: row.taskID, messageID: row.messageID, userID: row.userID, requestID: row.requestID, time: now)
      // An attempt after another one may find its alerts half raised.
      try await alarm.raise(entry, mayBeRepeated: context.attempt > 1)
    }
    try await commit([], step: "raise_alerts", since: start, &log)
  }

  private func finish(_ analysis: MessageAnalysis, _ log: inout IterationLog) async throws {
    let raised = analysis.alerts.map(\.rawValue).joined(separator: ", ")
    let entry = log.end(.finished, raised.isEmpty ? "finished without alerts" : "finished with alerts: \(raised)")
    let status = StatusHistory.Entry(status: .done, at: entry.time, attempt: context.attempt, worker: context.worker)
    try await shelf.changeHistory(of: row.taskID, with: try shelf.log(entry)) { $0.add(status) }
    log.report(.done, row)
  }

  /// Writes what a step has made, and that it was done: both or neither.
  private func commit(
    _ own: [DocumentWrite], step: String, since start: Duration, _ log: inout IterationLog
  ) async throws {
    let entry = log.add(.step, step.replacing("_", with: " ") + " done", step: step, took: time.uptime - start)
    _ = try await shelf.documents.write(own + (try shelf.log(entry)))
    context.progress(log.stepsDone, of: IterationLog.steps.count, step)
  }

  /// Keeps in history and log how the attempt failed. Where another attempt takes over there is nothing to say; where the
  /// store is the reason, nothing can be said.
  private func note(_ error: any Error, _ log: inout IterationLog) async {
    let failure = TaskFailure(describing: error)
    let status: StatusHistory.Status
    switch context.stopReason {
    case .leaseLost, .shutdown: return
    case .cancelled, .softTimeLimit, .timeLimit: status = .failed
    case nil: status = error is Reject || !isRetried(failure) ? .failed : .retry
    }
    let detail = error is Reject ? "\(error)" : "\(failure.type): \(failure.message)"
    let entry = log.end(status == .retry ? .retry : .failed, String(detail.prefix(300)))
    let change = StatusHistory.Entry(
      status: status, at: entry.time, attempt: context.attempt, worker: context.worker, detail: entry.message)
    log.report(status, row)
    await withoutCancellation { [shelf, row] in
      _ = try? await shelf.changeHistory(of: row.taskID, with: try shelf.log(entry)) { history in
        if !history.status.isFinal { history.add(change) }
      }
    }
  }

  private func isRetried(_ failure: TaskFailure) -> Bool {
    var random = SystemRandomNumberGenerator()
    return AnalyzeMessage.options.retry.delay(
      after: failure, retries: context.message.retries, limit: context.message.extras.maxRetries, using: &random) != nil
  }

  /// What an alert says: what was found and how often, and no word of the message.
  private static func describe(_ kind: AlertKind, _ analysis: MessageAnalysis, _ row: MessageRow) -> String {
    let found: [String] =
      switch kind {
      case .personalData: analysis.personalData.map { "\($0.kind.rawValue) \($0.masked)" }
      case .fraudAttempt: analysis.fraud.map(\.rule)
      case .incorrectInput: []
      }
    let shown = found.prefix(10).joined(separator: ", ") + (found.count > 10 ? " and \(found.count - 10) more" : "")
    return "message \(row.messageID) holds \(shown)"
  }
}
