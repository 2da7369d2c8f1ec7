public import CelerityJSON

/// How a worker appears to Celery's clients and monitors.
public struct CeleryPeerConfiguration: Sendable {
  /// The nodename, `celery@host`: the worker's own name.
  public var name: String
  public var version: String
  /// Whether events of tasks are told from the start, as a Python worker does with `-E`; those of workers always are.
  public var sendsTaskEvents: Bool
  /// What `celery inspect conf` shows; secrets must be masked already.
  public var settings: [(String, RawJSON)]
  /// How often it says that it is alive. Monitors miss a worker after twice as long.
  public var heartbeat: Duration
  /// `control_exchange` and `event_exchange` of the Python applications beside it.
  public var controlExchange: String
  public var eventExchange: String

  /// A worker of a name, with Celery's own defaults.
  public init(
    name: String, version: String, sendsTaskEvents: Bool = true, settings: [(String, RawJSON)] = [],
    heartbeat: Duration = .seconds(2), controlExchange: String = "celery", eventExchange: String = "celeryev"
  ) {
    self.name = name
    self.version = version
    self.sendsTaskEvents = sendsTaskEvents
    self.settings = settings
    self.heartbeat = heartbeat
    self.controlExchange = controlExchange
    self.eventExchange = eventExchange
  }
}
