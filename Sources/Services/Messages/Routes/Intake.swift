import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// Takes messages in. The order is the service's promise: metadata are durable before the task is queued, and `queued` is
/// said only once the broker has the task.
///
/// 1. The row, its places in the lists and an empty history are written together: the message is `received`.
/// 2. The task is handed to the broker, which has it durably when it answers.
/// 3. `queued` is added to the history; a worker who is quicker adds it himself.
///
/// When 2 fails, `rejected` is added instead and the client gets 503. Should the broker have taken the task all the same, its
/// worker finds `rejected` and refuses the work; should it have begun before, the message counts as accepted. When the store
/// fails so that nothing can be added, the message stays `received`, and is shown as `rejected` after a while.
struct Intake: Sendable {
  /// How long a message may be `received` before it is taken for one that was never queued.
  static let confirmationTime = Duration.seconds(60)

  let request: RouteRequest
  let environment: ServiceEnvironment

  private var shelf: Shelf { Shelf(documents: environment.resources.documents, tenant: request.tenant) }

  private var patience: Duration { environment.resources.settings[MessageSettings.intakePatience] }

  /// Stores and queues a message.
  func accept(_ posted: PostedMessage) async throws -> MessageRow {
    let row = MessageRow(
      messageID: environment.tasks.ids.next(), taskID: environment.tasks.ids.next(), userID: posted.userID,
      metadata: posted.metadata, receivedAt: environment.time.now.rfc3339,
      size: .init(characters: posted.characters, bytes: posted.text.utf8.count), sourceAddress: request.peer,
      requestID: request.requestID)
    let isAccepted = try await Deadline.run(within: patience, environment.time) { watch in
      try await store(row)
      guard !watch.isLate else { return try await !reject(row, "it was stored too late") }
      do {
        try await environment.tasks.submit(Submission(try message(row, posted.text)))
      } catch {
        // Nothing can be done about a store that fails here too.
        guard (try? await reject(row, "it could not be queued")) == false else { throw error }
      }
      // The broker has it, whether this can be noted or not.
      _ = try? await shelf.changeHistory(of: row.taskID) { history in
        let queued = StatusHistory.Entry(status: .queued, at: environment.time.now.rfc3339, attempt: 0)
        if history.entries.isEmpty { history.add(queued) }
      }
      return true
    }
    guard isAccepted == true else {
      throw RouteError(
        503, "engine-unavailable", "the message could not be stored and queued in time", headers: [("Retry-After", "2")]
      )
    }
    return row
  }

  private func store(_ row: MessageRow) async throws(EngineError) {
    let history = StatusHistory(messageID: row.messageID, userID: row.userID, receivedAt: row.receivedAt)
    var writes = [
      try shelf.put(.row, row.messageID, row, expecting: 0), try shelf.put(.status, row.taskID, history, expecting: 0),
    ]
    for name in row.places { writes.append(try shelf.put(.index, name, MessagePlace(messageID: row.messageID))) }
    guard case .written = try await shelf.documents.write(writes) else {
      throw EngineError(.conflict, "the id of a new message is taken")
    }
  }

  private func message(_ row: MessageRow, _ text: String) throws -> TaskMessage {
    let input = AnalyzeMessage.Input(messageID: row.messageID, message: text)
    var message = TaskMessage(
      id: TaskID(stored: row.taskID), task: AnalyzeMessage.name, queue: MessagesService.queue,
      kwargs: try RawJSONEncoder().encode(input), tenant: request.tenant, priority: AnalyzeMessage.options.priority)
    message.extras.traceparent = request.traceparent
    message.extras.requestID = request.requestID
    return message
  }

  /// Notes that a message is not taken. Whether it is so: a worker may have begun with it.
  private func reject(_ row: MessageRow, _ reason: String) async throws(EngineError) -> Bool {
    let entry = StatusHistory.Entry(
      status: .rejected, at: environment.time.now.rfc3339, attempt: 0, detail: reason)
    let history = try await shelf.changeHistory(of: row.taskID) { history in
      if history.entries.isEmpty { history.add(entry) }
    }
    return history?.status == .rejected
  }

  /// Raises `incorrect_input` for a body that was refused. Neither its text nor a failing store changes the answer.
  func report(_ error: RouteError, body: RawJSON?) async {
    let places = error.issues.map { $0.pointer.isEmpty ? "the body" : $0.pointer }
    let what = places.isEmpty ? "" : " at " + places.joined(separator: ", ")
    let entry = AlertEntry(
      alertID: environment.tasks.ids.next(), kind: .incorrectInput,
      description: "a message was refused with \(error.status) \(error.code)\(what)",
      userID: body.flatMap(PostedMessage.userID), requestID: request.requestID, time: environment.time.now.rfc3339)
    let alarm = Alarm(resources: environment.resources, shelf: shelf)
    _ = try? await Deadline.run(within: patience, environment.time) { _ in
      try await alarm.raise(entry, mayBeRepeated: false)
    }
  }
}
