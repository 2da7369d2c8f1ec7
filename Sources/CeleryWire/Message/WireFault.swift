public import CelerityCore

/// Why a message can't become a task. Whoever meets one must not drop it in silence: it is parked with this reason, and
/// where an id could be read a FAILURE is written, so that nobody waits for ever.
public struct WireFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// Kinds of faults, the words of dead letters' reasons.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Not what the protocol says.
    case malformed
    /// Read, but with values that mean nothing: a time that is none, arguments of another type.
    case invalid
    /// A content type that is never read, such as pickle, which would run code.
    case contentDisallowed = "content_disallowed"
    /// A compression that nothing here undoes.
    case compressionUnknown = "compression_unknown"
    /// Larger than is taken.
    case tooLarge = "too_large"
  }

  public var kind: Kind
  public var detail: String
  /// What is known of the message nevertheless.
  public var context: Context

  /// A fault of a kind.
  public init(_ kind: Kind, _ detail: String, context: Context = Context()) {
    self.kind = kind
    self.detail = detail
    self.context = context
  }

  public var description: String { detail }

  /// The task's id as the publisher wrote it. It may be none that a `TaskID` can hold; a result can be written for it still.
  public var id: String? { context.id }
  /// The task's name.
  public var task: String? { context.task }

  /// The same fault with what is known of its message.
  func adding(_ context: @autoclosure () -> Context) -> WireFault {
    self.context == Context() ? WireFault(kind, detail, context: context()) : self
  }
}

extension WireFault {
  /// What could be read of a message that can't run: whom its failure must reach.
  public struct Context: Sendable, Hashable {
    public var id: String?
    public var task: String?
    /// Where the publisher awaits the result on transports that send it (`rpc://`).
    public var replyTo: String?
    public var rootID: String?
    public var parentID: String?
    /// The group it is a member of; the index is `.max` where the message has none.
    public var group: TaskMessage.GroupMembership?
    /// The chord's body: a failed member must be counted, or the chord hangs.
    public var chord: Signature?
    /// Called with the id after the failure.
    public var errbacks: [Signature]
    /// What would have followed, next first: fails likewise.
    public var chain: [Signature]
    public var ignoreResult: Bool?

    /// Nothing known.
    public init() {
      errbacks = []
      chain = []
    }
  }

  /// The failure to be recorded, with a class that Python's client rebuilds.
  public var taskFailure: TaskFailure {
    switch kind {
    case .contentDisallowed: TaskFailure(type: "ContentDisallowed", module: "kombu.exceptions", message: detail)
    case .malformed, .compressionUnknown, .tooLarge:
      TaskFailure(type: "DecodeError", module: "kombu.exceptions", message: detail)
    case .invalid: TaskFailure(type: "ValueError", module: "builtins", message: detail)
    }
  }
}
