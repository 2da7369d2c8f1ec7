/// Who waits for which reply of one connection. Redis answers in the order of the commands, so a queue is all there is to
/// it; what the server sends unasked (RESP3 pushes) passes by.
struct ReplyQueue<Waiter> {
  /// What is to be done with something that arrived.
  enum Arrival {
    case reply(Waiter, RESPValue)
    case push([RESPValue])
    /// Nobody asked for it: the connection is out of step and must be closed.
    case unexpected
  }

  private var waiting: [Waiter] = []
  /// Where the first waiter is; the array is cut only now and then.
  private var head = 0

  /// How many replies are outstanding.
  var count: Int { waiting.count - head }

  /// A command was sent.
  mutating func add(_ waiter: Waiter) { waiting.append(waiter) }

  /// Something arrived.
  mutating func take(_ value: RESPValue) -> Arrival {
    if case .push(let values) = value { return .push(values) }
    guard head < waiting.count else { return .unexpected }
    let waiter = waiting[head]
    head += 1
    if head == waiting.count {
      waiting.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 1024, head * 2 > waiting.count {
      waiting.removeFirst(head)
      head = 0
    }
    return .reply(waiter, value)
  }

  /// The connection has ended: everybody who still waits.
  mutating func drain() -> [Waiter] {
    defer {
      waiting = []
      head = 0
    }
    return Array(waiting[head...])
  }
}
