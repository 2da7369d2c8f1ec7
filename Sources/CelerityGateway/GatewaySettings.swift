public import CelerityCore

/// What a gateway is told at its start; read and checked by the executable.
public struct GatewaySettings: Sendable {
  /// A loopback address: `127.0.0.1`, another of `127.0.0.0/8`, `::1`, or `localhost`, which stands for the first.
  public var host: String
  /// 0 lets the system pick; `Gateway.boundPort` tells which.
  public var port: Int
  /// Whose tasks requests see.
  public var tenant: Tenant
  /// The product's version as `GET /` shows it.
  public var version: String
  /// Names of tasks that run elsewhere (Celery workers that announce nothing) and are accepted all the same.
  public var externalTasks: Set<String>
  /// Names besides the loopback ones that a `Host` field may carry.
  public var allowedHosts: Set<String>
  /// The service that owns the root: its `/`, `/health`, `/docs` win over the platform's (`--service X`).
  public var rootService: String?
  public var limits: GatewayLimits
  /// Whether each request has a line in the log.
  public var logsRequests: Bool
  /// Whether probes and metrics are all that is served: the page of a worker or a scheduler.
  public var servesProbesOnly: Bool

  /// Settings, each with the platform's default.
  public init(
    host: String = "127.0.0.1", port: Int = 8000, tenant: Tenant = .default, version: String = "0",
    externalTasks: Set<String> = [], allowedHosts: Set<String> = [], rootService: String? = nil,
    limits: GatewayLimits = GatewayLimits(), logsRequests: Bool = false, servesProbesOnly: Bool = false
  ) {
    self.host = host
    self.port = port
    self.tenant = tenant
    self.version = version
    self.externalTasks = externalTasks
    self.allowedHosts = Set(allowedHosts.map { $0.lowercased() })
    self.rootService = rootService
    self.limits = limits
    self.logsRequests = logsRequests
    self.servesProbesOnly = servesProbesOnly
  }
}

/// How much of a gateway one client may use.
///
/// What the HTTP library does not allow: a target that alone fills `maximumHeaderBytes` is refused as 431, not as 414,
/// because the parser does not say what was too long.
public struct GatewayLimits: Sendable, Hashable {
  /// Connections open at once; further ones wait in the system's queue. Those that arrive together, up to 16, are let in
  /// together.
  public var maximumConnections: Int
  /// Names and values of all header fields together, and the request's target.
  public var maximumHeaderBytes: Int
  public var maximumHeaderFields: Int
  public var maximumTargetBytes: Int
  public var maximumQueryParameters: Int
  /// No body is longer, whatever its route says, but for bulk submissions.
  public var maximumBodyBytes: Int
  /// The longest body of a bulk submission.
  public var maximumBulkBodyBytes: Int
  /// Bytes of all bodies that are being read and worked on and of all long answers that are being written, together; who
  /// would add to them is told to come back.
  public var maximumBufferedBytes: Int
  /// Streams of events open at once.
  public var maximumStreams: Int
  /// The longest silence on a stream of events.
  public var streamHeartbeat: Duration
  /// From the first byte of a request's head to its last.
  public var headDeadline: Duration
  /// From the end of the head to the end of the body.
  public var bodyDeadline: Duration
  /// How long a client that has been sent something may take nothing of it, and at most twice as long. Who reads steadily
  /// is served to the end.
  public var deliveryDeadline: Duration
  /// How long a connection may wait for its next request.
  public var idleTimeout: Duration
  /// How long a connection that is being closed takes in what the client still sends, so that the answer arrives.
  public var linger: Duration

  /// Limits, each with the platform's default.
  public init(
    maximumConnections: Int = 10_000, maximumHeaderBytes: Int = 32 << 10, maximumHeaderFields: Int = 100,
    maximumTargetBytes: Int = 8 << 10, maximumQueryParameters: Int = 100, maximumBodyBytes: Int = 16 << 20,
    maximumBulkBodyBytes: Int = 16 << 20, maximumBufferedBytes: Int = 256 << 20,
    maximumStreams: Int = 2000, streamHeartbeat: Duration = .seconds(15),
    headDeadline: Duration = .seconds(10), bodyDeadline: Duration = .seconds(30),
    deliveryDeadline: Duration = .seconds(30), idleTimeout: Duration = .seconds(60), linger: Duration = .seconds(1)
  ) {
    self.maximumConnections = maximumConnections
    self.maximumHeaderBytes = maximumHeaderBytes
    self.maximumHeaderFields = maximumHeaderFields
    self.maximumTargetBytes = maximumTargetBytes
    self.maximumQueryParameters = maximumQueryParameters
    self.maximumBodyBytes = maximumBodyBytes
    self.maximumBulkBodyBytes = maximumBulkBodyBytes
    self.maximumBufferedBytes = maximumBufferedBytes
    self.maximumStreams = maximumStreams
    self.streamHeartbeat = streamHeartbeat
    self.headDeadline = headDeadline
    self.bodyDeadline = bodyDeadline
    self.deliveryDeadline = deliveryDeadline
    self.idleTimeout = idleTimeout
    self.linger = linger
  }
}
