public import CelerityCore
public import CelerityJSON

/// What all events of one process say of it, and what each one says of its moment.
public struct EventStamp: Sendable, Hashable {
  /// The nodename, `celery@host`.
  public var hostname: String
  /// Hours west of Greenwich, as C's `timezone` counts; monitors shift times by the difference to their own.
  public var utcOffset: Double
  public var pid: Int
  /// The sender's logical time; `nil` where it counts none.
  public var clock: Int64?
  public var timestamp: Timestamp

  /// A stamp.
  public init(hostname: String, utcOffset: Double = 0, pid: Int, clock: Int64?, timestamp: Timestamp) {
    self.hostname = hostname
    self.utcOffset = utcOffset
    self.pid = pid
    self.clock = clock
    self.timestamp = timestamp
  }
}

/// An event with its stamp, as it is sent.
public struct StampedEvent: Sendable, Hashable {
  public var stamp: EventStamp
  public var event: CeleryEvent

  /// An event at a moment.
  public init(_ event: CeleryEvent, _ stamp: EventStamp) {
    self.stamp = stamp
    self.event = event
  }

  /// The members in the order in which Python writes them.
  public var json: RawJSON {
    var writer = JSONWriter(reservingCapacity: 384)
    writer.beginObject()
    writer.member("hostname", stamp.hostname)
    writer.member("utcoffset", stamp.utcOffset)
    writer.member("pid", stamp.pid)
    writer.member("clock", orNull: stamp.clock)
    event.writeFields(to: &writer)
    writer.member("timestamp", stamp.timestamp.seconds)
    writer.member("type", event.type)
    writer.endObject()
    return writer.finish()
  }
}
