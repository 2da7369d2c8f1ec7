public import CelerityCore
import CelerityJSON

extension CeleryEvent {
  /// What Celery's monitors are told of something that happens to an attempt: mostly one event, sometimes two, and none where
  /// Celery has no word for it, as for a task that is handed back.
  ///
  /// - Parameter signal: with which a terminated task was to be ended, as the person who asked said.
  public static func events(of event: WorkerEvent, _ message: TaskMessage, signal: Int? = nil) -> [CeleryEvent] {
    let uuid = message.id.text
    switch event {
    case .received: return [.taskReceived(ReceivedTask(message))]
    case .started: return [.taskStarted(uuid: uuid)]
    case .ended(let outcome, let ran): return events(of: outcome, uuid, ran, signal)
    case .leaseLost, .settlementRefused: return []
    }
  }

  private static func events(
    of outcome: Outcome, _ uuid: String, _ ran: Duration?, _ signal: Int?
  ) -> [CeleryEvent] {
    switch outcome {
    case .success(let value):
      return [.taskSucceeded(uuid: uuid, result: PythonRepr.value(value), runtime: (ran ?? .zero).inSeconds)]
    case .ignored:
      // Its record shows SUCCESS without a value, and so do monitors; a task that is never told of again would look like
      // one that runs for ever.
      return [.taskSucceeded(uuid: uuid, result: "None", runtime: (ran ?? .zero).inSeconds)]
    case .failure(let failure):
      return [
        .taskFailed(uuid: uuid, exception: PythonRepr.exception(failure), traceback: PythonTraceback.text(failure))
      ]
    case .rejected(let failure):
      let failed = CeleryEvent.taskFailed(
        uuid: uuid, exception: PythonRepr.exception(failure), traceback: PythonTraceback.text(failure))
      return failure.type == "Reject" ? [failed, .taskRejected(uuid: uuid, requeue: false)] : [failed]
    case .retry(_, let failure):
      return [
        .taskRetried(uuid: uuid, exception: PythonRepr.exception(failure), traceback: PythonTraceback.text(failure))
      ]
    case .revoked(let reason):
      let isTerminated = reason == .terminated
      return [
        .taskRevoked(
          uuid: uuid, terminated: isTerminated, signal: isTerminated ? signal ?? 15 : nil, expired: reason == .expired)
      ]
    case .released: return []
    }
  }
}
