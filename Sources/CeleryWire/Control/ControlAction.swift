public import CelerityCore
public import CelerityJSON

/// What a worker is to do after a command, besides answering. In the order in which they are listed.
public enum ControlAction: Sendable, Hashable {
  /// These must not begin any more; those that wait are ended at once, those that run go on.
  case revoke([String])
  /// The same for all that carry a stamp with one of these values.
  case revokeStamped(header: String, values: [String])
  /// Those of these that run here are ended.
  case terminate([String], signal: Int)
  /// Ids that other workers know as revoked.
  case learnRevoked([String])
  case limitRate(task: String, TaskRate?)
  case limitTime(task: String, hard: Duration?, soft: Duration?)
  case scale(to: Int)
  case addQueue(String)
  case removeQueue(String)
  case sendTaskEvents(Bool)
  /// A heartbeat now, without the load.
  case heartbeat
  case stand(election: String, topic: String, action: RawJSON)
  case stop
}

/// What a worker says to a command and does about it.
public struct ControlAnswer: Sendable, Hashable {
  /// `nil` is no answer at all: the client is not told.
  public var reply: RawJSON?
  public var actions: [ControlAction]

  /// An answer.
  public init(_ reply: RawJSON?, _ actions: [ControlAction] = []) {
    self.reply = reply
    self.actions = actions
  }

  static func ok(_ text: String, _ actions: ControlAction...) -> ControlAnswer {
    ControlAnswer(.object([("ok", .string(text))]), actions)
  }

  static func refused(_ text: String) -> ControlAnswer {
    ControlAnswer(.object([("error", .string(text))]))
  }

  /// An exception as Python's workers put it: its repr.
  static func raised(_ type: String, _ message: String) -> ControlAnswer {
    refused("\(type)(\(PythonRepr.string(message)))")
  }
}
