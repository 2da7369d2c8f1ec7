public import CelerityJSON

/// Why a task failed, as a value that any client can rebuild: Celery's exception object and what a supervisor knows.
public struct TaskFailure: Error, Sendable, Hashable, Codable {
  /// Name of the exception's type, `ValueError`.
  public var type: String
  /// Module the type lives in, `builtins`; `nil` when none is known.
  public var module: String?
  /// What is said to people.
  public var message: String
  /// The exception's arguments, from which a client rebuilds it.
  public var arguments: [RawJSON]
  public var traceback: String?
  /// The signal that ended the process.
  public var signal: Int?
  /// The process's exit status.
  public var exitStatus: Int?
  public var peakMemoryBytes: Int64?
  /// What led to it, nearest first; at most `causeLimit` of them.
  public var causes: [Cause]

  /// How many causes are kept.
  public static let causeLimit = 8

  /// A failure; its arguments default to the message alone, as with most exceptions.
  public init(
    type: String, module: String? = nil, message: String, arguments: [RawJSON]? = nil, traceback: String? = nil,
    signal: Int? = nil, exitStatus: Int? = nil, peakMemoryBytes: Int64? = nil, causes: [Cause] = []
  ) {
    self.type = type
    self.module = module
    self.message = message
    self.arguments = arguments ?? [.string(message)]
    self.traceback = traceback
    self.signal = signal
    self.exitStatus = exitStatus
    self.peakMemoryBytes = peakMemoryBytes
    self.causes = Array(causes.prefix(Self.causeLimit))
  }

  /// A failure that led to another.
  public struct Cause: Sendable, Hashable, Codable {
    public var type: String
    public var message: String

    /// A cause by its exception's type and message.
    public init(type: String, message: String) {
      self.type = type
      self.message = message
    }
  }

  enum CodingKeys: String, CodingKey {
    case type, module, message, arguments, traceback, signal
    case exitStatus = "exit_status"
    case peakMemoryBytes = "peak_memory_bytes"
    case causes
  }
}

extension TaskFailure {
  /// The failure of a task whose worker process died under it.
  public static func workerLost(_ message: String, signal: Int? = nil, exitStatus: Int? = nil) -> TaskFailure {
    TaskFailure(
      type: "WorkerLostError", module: "billiard.exceptions", message: message, signal: signal, exitStatus: exitStatus)
  }

  /// The failure of an attempt that ran longer than its hard limit.
  public static func timeLimitExceeded(_ seconds: Double) -> TaskFailure {
    TaskFailure(
      type: "TimeLimitExceeded", module: "billiard.exceptions", message: "the task ran longer than \(seconds) s",
      arguments: [.double(seconds) ?? .null])
  }

  /// The failure of an attempt that did not end after its soft limit.
  public static func softTimeLimitExceeded(_ seconds: Double) -> TaskFailure {
    TaskFailure(
      type: "SoftTimeLimitExceeded", module: "billiard.exceptions",
      message: "the task ran longer than its soft limit of \(seconds) s", arguments: [])
  }

  /// The failure of who waits for a revoked task, and of what was to follow it.
  public static func revoked(_ reason: String?) -> TaskFailure {
    TaskFailure(
      type: "TaskRevokedError", module: "celery.exceptions",
      message: reason ?? RevocationReason.revoked.rawValue)
  }

  /// The failure of a task that no worker knows.
  public static func notRegistered(_ task: String) -> TaskFailure {
    TaskFailure(type: "NotRegistered", module: "celery.exceptions", message: task)
  }

  /// The failure of a chord's body of which a member failed.
  public static func chord(member: TaskID, message: String) -> TaskFailure {
    TaskFailure(
      type: "ChordError", module: "celery.exceptions", message: "Dependency \(member) raised \(message)")
  }
}

extension TaskRecord {
  /// Why the task has ended without a result. Of a task that was revoked that is the revocation, whatever an attempt before it
  /// failed of.
  public var endingFailure: TaskFailure? { state == .revoked ? .revoked(reason) : failure }
}
