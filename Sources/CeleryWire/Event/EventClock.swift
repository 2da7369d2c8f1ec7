/// The logical clock by which monitors order events of many workers (Lamport, "Time, Clocks, and the Ordering of Events in a
/// Distributed System"; kombu's `LamportClock`). A value: whoever shares it guards it.
public struct EventClock: Sendable, Hashable {
  /// The time of the last thing that happened here.
  public private(set) var value: Int64

  /// A clock that has seen nothing.
  public init(_ value: Int64 = 0) { self.value = max(0, value) }

  /// Something happens here; answers its time.
  public mutating func forward() -> Int64 {
    value = value == .max ? value : value + 1
    return value
  }

  /// Something of another process is heard of, which happened at its time.
  public mutating func adjust(to other: Int64) {
    value = max(value, other)
    _ = forward()
  }
}
