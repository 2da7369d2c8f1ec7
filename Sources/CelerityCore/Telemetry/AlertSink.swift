/// Tells people of what they should look at. An alert is never lost to another: each has a report file of its own, and is kept
/// in the store, where `alerts` finds it.
public protocol AlertSink: Sendable {
  /// Raises an alert; it is written down when this returns. Other ways of telling (a webhook) follow without being waited
  /// for.
  func raise(_ alert: Alert) async throws(EngineError)

  /// The latest alerts, the newest first.
  func alerts(kind: String?, limit: Int) async throws(EngineError) -> [Alert]
}

/// Something that people should look at.
public struct Alert: Sendable, Hashable {
  /// What kind of thing it is, for people and for filters: `Fraud attempt`.
  public var kind: String
  /// One line; line breaks in what is given are written as escapes, so that no input can forge a second fact.
  public var description: String
  /// The service that raises it.
  public var service: String
  public var task: TaskID?
  public var time: Timestamp

  /// An alert.
  public init(_ kind: String, _ description: String, service: String, task: TaskID? = nil, time: Timestamp) {
    self.kind = kind
    self.description = description
    self.service = service
    self.task = task
    self.time = time
  }
}
