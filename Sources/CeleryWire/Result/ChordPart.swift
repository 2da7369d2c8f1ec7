public import CelerityCore
public import CelerityJSON

/// The end of a member of a chord, as Celery counts it on Redis: `[1, id, state, result]`, a member of the sorted set
/// `celery-taskset-meta-<group id>.j`. Its result is in the form of a meta: an exception for a member that failed.
public struct ChordPart: Sendable, Hashable {
  public var id: String
  public var state: String
  public var result: RawJSON

  /// A member's end.
  public init(id: String, state: String, result: RawJSON) {
    self.id = id
    self.state = state
    self.result = result
  }

  /// The end that a meta tells of.
  public init(_ meta: ResultMeta) { self.init(id: meta.id, state: meta.status, result: meta.result) }

  /// As Python's backend encodes it.
  public var json: RawJSON { .array([.integer(1), .string(id), .string(state), result]) }

  /// Reads one; `nil` when it is none. Python ignores the number in front, and so do we.
  public init?(_ json: RawJSON) {
    guard let parts = json.elements(), parts.count == 4, let id = parts[1].stringValue,
      let state = parts[2].stringValue
    else { return nil }
    self.init(id: id, state: state, result: parts[3])
  }

  /// Whether it fails the chord (celery.states, `PROPAGATE_STATES`).
  public var isFailed: Bool { state == "FAILURE" || state == "REVOKED" }

  /// What the member raised.
  public var failure: TaskFailure? { isFailed ? WireException.failure(result, traceback: nil) : nil }

  /// The failure of the chord's body because of this member, in Python's words.
  public var chordFailure: TaskFailure {
    let raised = failure.map(PythonRepr.exception) ?? PythonRepr.value(result)
    return .chord(member: TaskID(stored: id), message: raised)
  }
}
