/// How urgent a task is: 0 to 9, 9 first. *Absent* is a value of its own (`Priority?`): it orders as 5 and is left
/// unset on a wire that can say so.
public struct Priority: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// 0 to 9.
  public let value: Int

  /// A priority; `nil` outside 0 to 9.
  public init?(_ value: Int) {
    guard (0...9).contains(value) else { return nil }
    self.value = value
  }

  private init(known value: Int) { self.value = value }

  public static let low = Priority(known: 2)
  public static let normal = Priority(known: 5)
  public static let high = Priority(known: 8)

  public var description: String { String(value) }

  public static func < (a: Priority, b: Priority) -> Bool { a.value < b.value }
}

/// Orders waiting tasks: smaller first. Fixed when a task becomes ready, so that an index can hold it.
///
/// `rank = ready time − priority × step`. A task of priority p+1 overtakes one of priority p unless that one has
/// waited longer by a whole step: urgent work goes first and nothing starves. Within a rank, first come first served.
public struct PriorityRank: Sendable, Hashable {
  /// What one step of priority is worth in waiting time.
  public var step: Duration

  /// Ranks by a step; one minute by default, so priority 9 is nine minutes ahead of priority 0.
  public init(step: Duration = .seconds(60)) {
    self.step = step
  }

  /// The rank of a task that became ready at a time.
  public func rank(ready: StoreTime, priority: Priority?) -> Int64 {
    ready.microseconds - Int64((priority ?? .normal).value) * step.microseconds
  }
}
