public import CelerityCore
public import CelerityJSON

/// All that a worker's answers to remote control are made of, as it is at one moment.
public struct WorkerView: Sendable {
  public var report: WorkerReport
  public var now: Timestamp
  /// The clock of the worker's events.
  public var clock: Int64
  /// How many tasks of each name have begun.
  public var totals: [String: Int]
  /// Ids that were revoked, oldest first.
  public var revoked: [String]
  /// Delayed tasks of the worker's queues, which on this platform wait in the store and in no worker.
  public var scheduled: [TaskMessage]
  /// States of tasks that were asked for and that no worker holds, by id.
  public var waiting: [String: TaskMessage]
  public var sendsTaskEvents: Bool
  /// What it was configured with, secrets masked already.
  public var settings: [(String, RawJSON)]
  public var broker: BrokerInfo
  public var usage: ResourceUsage

  /// A view of a worker.
  public init(
    report: WorkerReport, now: Timestamp, clock: Int64, totals: [String: Int] = [:], revoked: [String] = [],
    scheduled: [TaskMessage] = [], waiting: [String: TaskMessage] = [:], sendsTaskEvents: Bool = true,
    settings: [(String, RawJSON)] = [], broker: BrokerInfo = BrokerInfo(), usage: ResourceUsage = ResourceUsage()
  ) {
    self.report = report
    self.now = now
    self.clock = clock
    self.totals = totals
    self.revoked = revoked
    self.scheduled = scheduled
    self.waiting = waiting
    self.sendsTaskEvents = sendsTaskEvents
    self.settings = settings
    self.broker = broker
    self.usage = usage
  }
}

/// Where the broker is, without secrets.
public struct BrokerInfo: Sendable, Hashable {
  public var hostname: String?
  public var port: Int?
  public var user: String?
  public var database: String
  public var isSecure: Bool
  public var transport: String

  /// A broker.
  public init(
    hostname: String? = nil, port: Int? = nil, user: String? = nil, database: String = "0", isSecure: Bool = false,
    transport: String = "redis"
  ) {
    self.hostname = hostname
    self.port = port
    self.user = user
    self.database = database
    self.isSecure = isSecure
    self.transport = transport
  }

  var json: RawJSON {
    .object([
      ("hostname", hostname.json), ("userid", user.json), ("virtual_host", .string(database)),
      ("port", port.map { .integer(Int64($0)) } ?? .null), ("insist", .false), ("ssl", .bool(isSecure)),
      ("transport", .string(transport)), ("connect_timeout", .integer(4)), ("transport_options", .emptyObject),
      ("login_method", .null), ("uri_prefix", .null), ("heartbeat", .integer(0)),
      ("failover_strategy", .string("round-robin")), ("alternates", .emptyArray), ("credential_provider", .null),
    ])
  }
}

/// What the process has used, as `getrusage` tells.
public struct ResourceUsage: Sendable, Hashable {
  public var userSeconds: Double
  public var systemSeconds: Double
  /// The other numbers, in the order of `names`.
  public var counts: [Int64]

  /// Names of the counts, in the order of the C structure.
  public static let names = [
    "maxrss", "ixrss", "idrss", "isrss", "minflt", "majflt", "nswap", "inblock", "oublock", "msgsnd", "msgrcv",
    "nsignals", "nvcsw", "nivcsw",
  ]

  /// What was used.
  public init(userSeconds: Double = 0, systemSeconds: Double = 0, counts: [Int64] = []) {
    self.userSeconds = userSeconds
    self.systemSeconds = systemSeconds
    self.counts = counts
  }

  var json: RawJSON {
    let all = Self.names.enumerated().map { ($1, counts.indices.contains($0) ? counts[$0] : 0) }
    return .object(
      [("utime", .double(userSeconds) ?? .null), ("stime", .double(systemSeconds) ?? .null)]
        + all.map { ($0, .integer($1)) })
  }
}

extension String? {
  var json: RawJSON { map(RawJSON.string) ?? .null }
}
