public import CelerityJSON

/// Counts changes of a store: each committed change of a record gets the next number. Event streams, monitors and
/// waiting clients read from it; it never repeats and never goes back.
public typealias ChangeNumber = Int64

/// Everything known of a task: what a store keeps, what API and dashboard show.
public struct TaskRecord: Sendable, Hashable {
  public var message: TaskMessage
  public var state: TaskState
  public var phase: TaskPhase
  /// Number of the last change.
  public var seq: ChangeNumber
  /// Raised by `:retry` and redrive; at most one result is ever committed per generation.
  public var generation: Int
  /// Attempts started, over all generations.
  public var attempts: Int
  /// Attempts of this generation that died with their process; charged to the crash budget, not to retries.
  public var crashes: Int
  public var created: Timestamp
  /// When the task may be fetched, on wall time; the eta at first, later the time of the next attempt.
  public var due: Timestamp?
  public var started: Timestamp?
  public var finished: Timestamp?
  /// Orders waiting tasks, see `PriorityRank`.
  public var rank: Int64
  public var lease: Lease?
  /// Who runs it, or ran it last.
  public var worker: String?
  public var result: RawJSON?
  public var failure: TaskFailure?
  /// Why the record is REVOKED or a dead letter.
  public var reason: String?
  public var progress: RawJSON?
  public var isCancelRequested: Bool
  /// What happened beside the straight way: lost, released and failed attempts; the newest `historyLimit`.
  public var history: [AttemptEnd]

  /// How many ends of attempts are kept.
  public static let historyLimit = 20

  /// The record of a message that was just accepted; `seq` and `rank` are the store's to set.
  public init(accepting message: TaskMessage, at now: Timestamp) {
    self.message = message
    state = .pending
    phase = .delayed
    seq = 0
    generation = 0
    attempts = 0
    crashes = 0
    created = now
    due = message.eta
    rank = 0
    isCancelRequested = false
    history = []
  }

  /// The record of a task that fails without having run.
  public init(failing message: TaskMessage, with failure: TaskFailure, at now: Timestamp) {
    self.init(accepting: message, at: now)
    state = .failure
    phase = .finished
    finished = now
    due = nil
    self.failure = failure
  }

  /// What stands for the name of a task of which only the result is known.
  public static let unknownTask = "unknown"

  /// The task's key.
  public var key: TaskKey { message.key }

  /// About how many bytes it holds, by what may be large in it: readers of many records end a page by it.
  public var contentBytes: Int {
    let links = (message.extras.callbacks ?? []) + (message.extras.errbacks ?? [])
    let linked = links.reduce(0) { $0 + $1.args.bytes.count + $1.kwargs.bytes.count }
    let failed = failure.map { $0.message.utf8.count + ($0.traceback?.utf8.count ?? 0) } ?? 0
    return message.args.bytes.count + message.kwargs.bytes.count + linked + failed + (result?.bytes.count ?? 0)
      + (progress?.bytes.count ?? 0)
  }

  /// Whether a message is the one that it was promised. A repeated request for what was replaced is not: replacing raises
  /// the nesting that the message carries, as in Celery.
  public func wasPromised(_ message: TaskMessage) -> Bool {
    guard let nesting = message.extras.replacedTaskNesting, nesting > 0, message.key == key else { return false }
    return nesting == self.message.extras.replacedTaskNesting && message.task == self.message.task
  }

  /// Whether a submission of this message is what it waits for.
  public func isPromise(of message: TaskMessage) -> Bool { phase == .promised && wasPromised(message) }

  /// Whether it stands among the dead letters: FAILURE, or REVOKED for a reason other than a person's wish.
  public var isDeadLetter: Bool {
    switch state {
    case .failure: true
    case .revoked: reason == RevocationReason.expired.rawValue
    case .pending, .received, .started, .progress, .retry, .success: false
    }
  }

  /// Why it ended without a result, in one word: `reason`, and `failed` where its last attempt simply failed. What
  /// lists show and filters find.
  public var endReason: String? { reason ?? (state == .failure ? "failed" : nil) }
}

/// How an attempt ended that did not commit a result.
public struct AttemptEnd: Sendable, Hashable, Codable {
  public var attempt: Int
  public var worker: String?
  /// Microseconds since the epoch.
  public var started: Int64?
  public var ended: Int64
  /// `lease_expired`, `process_died`, `released`, `retried`, `failed`, `terminated`, `replaced`.
  public var cause: String
  public var detail: String?

  /// The end of an attempt.
  public init(attempt: Int, worker: String?, started: Int64?, ended: Int64, cause: String, detail: String? = nil) {
    self.attempt = attempt
    self.worker = worker
    self.started = started
    self.ended = ended
    self.cause = cause
    self.detail = detail
  }
}
