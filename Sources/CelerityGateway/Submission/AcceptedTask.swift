import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// A task that stands for a submission.
struct AcceptedTask: Sendable {
  var key: TaskKey
  /// `nil`, as its state, when it was there before and could not be looked up just now.
  var queue: String?
  var state: TaskState? = .pending
  var eta: Timestamp?
  /// Why it was there before; `nil` when it is new.
  var duplicate: DuplicateCause?
  /// What it begins, where that is more than itself.
  var workflow: Workflow?

  /// Submits what belongs together, all in one transaction; tells for each which task stands for it, or why it was refused.
  static func submit(
    _ works: [WantedWork], _ environment: ServiceEnvironment
  ) async throws(EngineError) -> [Result<AcceptedTask, RouteError>] {
    var results = try await submit(works.flatMap(\.submissions), environment)[...]
    return works.map { work in
      let own = results.prefix(work.submissions.count)
      results = results.dropFirst(work.submissions.count)
      guard let workflow = work.workflow else { return own[own.startIndex] }
      // What was there before has its own tasks; of them only the first is known.
      return own[own.startIndex].map { first in
        var accepted = first
        if first.key.id == work.message.id { accepted.workflow = workflow }
        return accepted
      }
    }
  }

  /// Submits, durably and in one transaction; tells for each submission which task stands for it, or why none does.
  static func submit(
    _ submissions: [Submission], _ environment: ServiceEnvironment
  ) async throws(EngineError) -> [Result<AcceptedTask, RouteError>] {
    let results = try await environment.tasks.engine.submit(submissions)
    let older = zip(results, submissions).compactMap { result, submission -> TaskKey? in
      guard case .existing(let id, _) = result else { return nil }
      return TaskKey(id, tenant: submission.message.tenant)
    }
    // What is committed is told as such, also when the look-up fails.
    let records = older.isEmpty ? [] : try? await environment.tasks.records.records(older)
    var found = (records ?? []).makeIterator()
    return zip(results, submissions).map { result, submission in
      switch result {
      case .accepted(let id, _):
        let message = submission.message
        let key = TaskKey(id, tenant: message.tenant)
        return .success(AcceptedTask(key: key, queue: message.queue, eta: message.eta))
      case .existing(let id, let cause):
        guard let lookup = found.next() else {
          let key = TaskKey(id, tenant: submission.message.tenant)
          return .success(AcceptedTask(key: key, state: nil, duplicate: cause))
        }
        return existing(id, cause, lookup)
      case .conflict(let error): return .failure(refusal(of: submission, error))
      case .queueFull(let depth, let limit):
        return .failure(RouteError(engine: .queueFull(submission.message.queue, depth: depth, limit: limit)))
      }
    }
  }

  private static func existing(
    _ id: TaskID, _ cause: DuplicateCause, _ lookup: RecordLookup
  ) -> Result<AcceptedTask, RouteError> {
    do {
      let record = try lookup.known(id)
      return .success(
        AcceptedTask(
          key: record.key, queue: record.message.queue, state: record.state, eta: record.message.eta, duplicate: cause))
    } catch {
      return .failure(error)
    }
  }

  private static func refusal(of submission: Submission, _ error: EngineError) -> RouteError {
    guard submission.idempotency != nil else { return RouteError(engine: error) }
    return RouteError(
      422, "idempotency-key-reused", "the Idempotency-Key was sent before with another body",
      hint: "use a new key for new work")
  }

  /// Writes what both a single and a bulk submission tell of it.
  func writeMembers(to writer: inout JSONWriter) {
    writer.member("id", workflow?.id ?? key.id.text)
    writer.member("state", ifPresent: state?.rawValue)
    writer.member("queue", ifPresent: queue)
    writer.member("eta", ifPresent: eta?.rfc3339)
    writer.member("existing", ifPresent: duplicate?.rawValue)
    workflow?.writeMembers(to: &writer)
  }

  /// Where the end of it can be read.
  private var path: String { workflow?.path ?? TaskView.path(of: key.id) }
}

extension AcceptedTask {
  /// The answer to a submission of one: the task when it has ended meanwhile, else that it is accepted.
  ///
  /// Apart from the waiting, because the optimiser of Swift 6.3 crashes on the two in one coroutine.
  func response(
    outlook: SubmissionOutlook?, preference: WaitPreference? = nil, waited record: TaskRecord? = nil
  ) -> RouteResponse {
    if let record, record.state.isTerminal { return .json(200, TaskView.json(record), headers: headers(preference)) }
    var now = self
    if let record { now.state = record.state }
    return .json(
      202, now.json(duplicate == nil && now.state == .pending ? outlook : nil),
      headers: headers(preference) + [("Retry-After", "1")])
  }

  private func headers(_ preference: WaitPreference?) -> [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = [("Location", path)]
    if duplicate == .idempotencyKey { headers.append(("Idempotency-Replayed", "true")) }
    if let preference { headers.append(preference.applied) }
    return headers
  }

  private func json(_ outlook: SubmissionOutlook?) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 256)
    writer.beginObject()
    writeMembers(to: &writer)
    outlook?.writeMembers(to: &writer)
    writer.member("links", object: { writeLinks(&$0) })
    writer.endObject()
    return writer.finish()
  }

  private func writeLinks(_ writer: inout JSONWriter) {
    guard let workflow else { return TaskView.writeLinks(key.id, &writer) }
    if workflow.isGroup {
      writer.member("self", workflow.path)
    } else {
      TaskView.writeLinks(TaskID(stored: workflow.id), &writer)
    }
    writer.member("first", TaskView.path(of: key.id))
  }
}
