/// A message on its way into an engine, with what must be decided in the same transaction. Asked in this order: was the
/// request made before, is the id taken, is the unique key held, is the queue full.
public struct Submission: Sendable, Hashable {
  public var message: TaskMessage
  /// Makes repeated requests one.
  public var idempotency: IdempotencyKey?
  /// Makes repeated work one.
  public var unique: UniqueKey?
  /// Groups that begin with this submission, outermost first: its own, and those that its group's body is a member of. Each
  /// is declared once.
  public var groups: [GroupDeclaration]
  /// Most tasks that may wait in the queue: when as many are ready and delayed there, nothing is added. A waiting holder
  /// of the unique key that would be replaced is not counted. Follow-ups of a settlement are never refused by it.
  public var depthLimit: Int?
  /// Records the task as FAILURE at once; it never runs: how what can't follow any more ends, so that who waits for it
  /// learns why. It counts in its group, stands in the change feed and among the dead letters as any that failed. It
  /// waits nowhere, so neither a unique key nor a limit of depth is asked. A task that is there already stays as it is,
  /// unless it was promised just this.
  public var failure: TaskFailure?

  /// A submission of a message.
  public init(
    _ message: TaskMessage, idempotency: IdempotencyKey? = nil, unique: UniqueKey? = nil,
    group: GroupDeclaration? = nil, depthLimit: Int? = nil, failure: TaskFailure? = nil
  ) {
    self.message = message
    self.idempotency = idempotency
    self.unique = unique
    groups = group.map { [$0] } ?? []
    self.depthLimit = depthLimit
    self.failure = failure
  }
}

extension Submission {
  /// What it does to the record that was promised it.
  public var promiseEvent: TaskEvent { failure.map { .broken(message, $0) } ?? .fulfilled(message) }
}

/// A client's key that makes repeated requests one (Idempotency-Key, draft-ietf-httpapi-idempotency-key-header). It is
/// remembered with the task that was accepted, or that held the unique key; a conflict or a full queue does not use it up.
/// A key whose task is gone without a trace, because it was discarded, is free.
public struct IdempotencyKey: Sendable, Hashable {
  public var key: String
  /// What was asked for; another fingerprint under the same key is a conflict.
  public var fingerprint: [UInt8]
  /// How long the key is remembered, on the store's time.
  public var retention: Duration

  /// A key of a request, of which only a digest is kept.
  public init(_ key: String, request: [UInt8], retention: Duration = .seconds(86_400)) {
    self.init(key, fingerprint: SHA256.digest(request), retention: retention)
  }

  /// Whether a request that was remembered by a fingerprint is this one. Stores may still hold requests themselves, as
  /// they were remembered once.
  public func stands(for stored: [UInt8]) -> Bool {
    stored == fingerprint || SHA256.digest(stored) == fingerprint
  }

  /// A key with the fingerprint of its request.
  public init(_ key: String, fingerprint: [UInt8], retention: Duration = .seconds(86_400)) {
    self.key = key
    self.fingerprint = fingerprint
    self.retention = retention
  }
}

/// A key under which at most one task waits or runs. Taken at submission only: a key given free at the start is not taken
/// again when the task waits for a retry, nor is one of an ended task when that is redriven.
public struct UniqueKey: Sendable, Hashable {
  /// How long the key is held.
  public enum Scope: Sendable, Hashable {
    /// Until the task starts.
    case untilStarted
    /// Until the task has ended.
    case untilFinished
  }

  /// What happens to a submission whose key is held.
  public enum Conflict: Sendable, Hashable {
    /// The holder's id is answered; nothing is added.
    case keepExisting
    /// A waiting holder is revoked as `replaced` and this one takes its place (debounce: submit with a countdown);
    /// a running holder is kept.
    case replaceWaiting
  }

  public var key: String
  public var scope: Scope
  public var conflict: Conflict

  /// A key with its scope and what happens on conflict.
  public init(_ key: String, scope: Scope = .untilFinished, onConflict conflict: Conflict = .keepExisting) {
    self.key = key
    self.scope = scope
    self.conflict = conflict
  }
}

/// A group whose members are counted, and the chord's body that runs when all have ended. Declared when its submission is
/// accepted; members that ended before are not counted.
///
/// Each member counts with its first end, also when it is redriven later. When all have succeeded the body is submitted;
/// when one has not, the body is recorded as FAILURE (`TaskFailure.chord` of the first of them by place) and never runs.
public struct GroupDeclaration: Sendable, Hashable {
  public var id: String
  /// How many members must end.
  public var size: Int
  /// Sent when all members have ended; `nil` for a plain group. Its first argument becomes the list of results.
  public var body: TaskMessage?
  /// Whether the body takes the results as its first argument.
  public var passesResults: Bool

  /// A group of a size, with a body.
  public init(id: String, size: Int, body: TaskMessage? = nil, passesResults: Bool = true) {
    self.id = id
    self.size = size
    self.body = body
    self.passesResults = passesResults
  }
}

/// What became of a submission.
public enum SubmitResult: Sendable, Hashable {
  /// Stored and durable.
  case accepted(TaskID, seq: ChangeNumber)
  /// Nothing was added: this task stands for it.
  case existing(TaskID, cause: DuplicateCause)
  /// Nothing was added: the id or key is taken by other work.
  case conflict(EngineError)
  /// Nothing was added: so many tasks wait in the queue already.
  case queueFull(depth: Int, limit: Int)

  /// The task that stands for the submission.
  public var id: TaskID? {
    switch self {
    case .accepted(let id, _), .existing(let id, _): id
    case .conflict, .queueFull: nil
    }
  }
}

/// Why a submission added nothing.
public enum DuplicateCause: String, Sendable, Hashable {
  case sameID = "same_id"
  case idempotencyKey = "idempotency_key"
  case uniqueKey = "unique_key"
}
