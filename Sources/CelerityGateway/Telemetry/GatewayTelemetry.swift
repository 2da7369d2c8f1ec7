/// Told what the gateway has answered, for metrics. Called at the end of every request, from several threads at once: it
/// counts and returns.
public protocol GatewayTelemetry: Sendable {
  /// A request was answered, or its client left before the answer was through.
  func requestEnded(_ request: ServedRequest)
}

/// A request that is over.
public struct ServedRequest: Sendable, Hashable {
  /// The route's template; `nil` when nothing has the path. Never the path itself: that is the client's own invention.
  public var route: String?
  public var method: String
  public var status: Int
  /// From the arrival of the head to the end of the answer.
  public var duration: Duration
  /// Bytes of body that were written.
  public var bytes: Int
  /// Whether the answer went on as long as the client liked.
  public var isStream: Bool

  /// A request that is over.
  public init(route: String?, method: String, status: Int, duration: Duration, bytes: Int, isStream: Bool) {
    self.route = route
    self.method = method
    self.status = status
    self.duration = duration
    self.bytes = bytes
    self.isStream = isStream
  }
}
