public import CelerityCore
public import CelerityJSON

/// An event of another process, as far as workers and gateways listen to them: those of workers. Read leniently, because
/// any version of any implementation may have written it.
public struct HeardEvent: Sendable, Hashable {
  public var type: String
  public var hostname: String
  public var pid: Int
  public var clock: Int64?
  public var timestamp: Timestamp?
  /// All members, for what is read by name.
  let fields: [JSONMember]

  /// The events of a message: one, or an array of them. What is none is left out.
  public static func events(in envelope: Envelope) -> [HeardEvent] {
    guard let body = try? BodyReader(maximumBytes: 16 << 20).json(envelope) else { return [] }
    return (body.elements() ?? [body]).compactMap(HeardEvent.init)
  }

  /// Reads an event; `nil` when it is none.
  public init?(_ json: RawJSON) {
    guard let fields = json.members(), let type = fields.value("type")?.stringValue,
      let hostname = fields.value("hostname")?.stringValue
    else { return nil }
    self.type = type
    self.hostname = hostname
    self.fields = fields
    pid = fields.value("pid")?.int64Value.flatMap { Int(exactly: $0) } ?? 0
    clock = fields.value("clock")?.int64Value
    timestamp = fields.value("timestamp")?.doubleValue.flatMap { seconds in
      seconds.magnitude < 1e12 ? Timestamp(microseconds: Int64(seconds * 1_000_000)) : nil
    }
  }

  /// How long after its receipt the sender counts as alive, when this is a sign of life.
  public var lifetime: Duration? {
    guard type == "worker-online" || type == "worker-heartbeat" else { return nil }
    let frequency = fields.value("freq")?.doubleValue ?? 60
    return .milliseconds(Int64(min(max(frequency, 0.1), 3600) * 2000))
  }

  /// The sender as one of the platform's workers, when this is a sign of life. What heartbeats do not tell (queues, slots,
  /// tasks) stays empty.
  public var worker: WorkerInfo? {
    guard lifetime != nil else { return nil }
    return WorkerInfo(
      name: hostname, incarnation: "\(hostname).\(pid)",
      hostname: hostname.split(separator: "@", maxSplits: 1).last.map(String.init) ?? hostname, pid: pid,
      version: [fields.value("sw_ident")?.stringValue, fields.value("sw_ver")?.stringValue].compactMap(\.self)
        .joined(separator: " "),
      queues: [], concurrency: 0, running: Self.count(fields.value("active")), tasks: [],
      processed: Self.count(fields.value("processed")), startedAt: timestamp?.microseconds ?? 0)
  }

  /// Whether a worker of this platform has sent it.
  public var isOurs: Bool { fields.value("sw_ident")?.stringValue == WorkerVitals.ownSoftware }

  /// Whether it says how much its sender does.
  public var tellsLoad: Bool { fields.value("active") != nil }

  private static func count(_ value: RawJSON?) -> Int {
    max(0, value?.int64Value.flatMap { Int(exactly: $0) } ?? 0)
  }

  /// What it says in an election, when it is a vote or the answer to one.
  public var election: Vote? {
    guard let id = fields.value("id")?.stringValue else { return nil }
    switch type {
    case "worker-elect":
      guard let clock, let topic = fields.value("topic")?.stringValue else { return nil }
      return .candidate(id: id, clock: clock, topic: topic, action: fields.value("action") ?? .null)
    case "worker-elect-ack": return .acknowledgement(id: id)
    default: return nil
    }
  }

  /// A message of an election.
  public enum Vote: Sendable, Hashable {
    case candidate(id: String, clock: Int64, topic: String, action: RawJSON)
    case acknowledgement(id: String)
  }
}
