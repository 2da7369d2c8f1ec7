public import CelerityCore
import CelerityJSON
import NIOCore
import RESPClient
import Synchronization

extension RedisStore: WorkerPresence {
  public func announce(_ worker: WorkerInfo, for duration: Duration) async throws(EngineError) {
    guard let json = try? RawJSONEncoder().encode(worker) else {
      throw EngineError(.invalid, "what the worker \(worker.name) says of itself can't be written")
    }
    _ = try await WorkerScripts.announce.engineRun(
      on: client,
      [
        .text(keys.prefix), .text(clock.arguments.storeTime), .text(worker.name),
        .bytes(ByteBuffer(bytes: json.bytes)), .number(duration.storable),
      ])
  }

  public func withdraw(_ name: String) async throws(EngineError) {
    _ = try await client.engineReplies([
      RESPCommand("ZREM", .text(keys.named("present")), .text(name)),
      RESPCommand("HDEL", .text(keys.named("workers")), .text(name)),
      RESPCommand("HDEL", .text(keys.named("orders")), .text(name)),
    ])
  }

  /// What can't be read, as of a later version that says more than this one knows, is left out.
  public func workers() async throws(EngineError) -> [WorkerInfo] {
    let reply = try await WorkerScripts.list.engineRun(
      on: client, [.text(keys.prefix), .text(clock.arguments.storeTime)])
    let workers = (reply.elements ?? []).compactMap { element -> WorkerInfo? in
      guard let bytes = element.bytes else { return nil }
      return try? RawJSONDecoder().decode(
        WorkerInfo.self, from: RawJSON(unchecked: Array(bytes.readableBytesView)))
    }
    let ours = Set(workers.map { ByteText($0.name) })
    let peers = roster.withLock { $0.alive(at: time.uptime) }.filter { !ours.contains(ByteText($0.name)) }
    return (workers + peers).sorted { ByteText($0.name) < ByteText($1.name) }
  }
}

extension RedisStore: WorkerOrders {
  public func order(_ order: WorkerOrder, worker name: String) async throws(EngineError) -> Bool {
    if case .scale(let slots) = order, slots < 1 {
      throw EngineError(.invalid, "a worker can't run \(slots) tasks at once", hint: "stop it instead")
    }
    let reply = try await WorkerScripts.order.engineRun(
      on: client,
      [
        .text(keys.prefix), .text(clock.arguments.storeTime), .text(name), .text(order.stored),
        .number(OrderBook.keptOrders),
      ])
    if reply.integer == 1 { return true }
    return try await cast(order, toPeer: name)
  }

  public func nextOrders(
    worker: String, incarnation: String, after number: Int64, wait: Duration
  ) async throws(EngineError) -> [NumberedOrder] {
    let deadline = time.uptime + wait
    while true {
      let rings = orderBell.rings
      // A wait that is cancelled ends with nothing, not with an error.
      if Task.isCancelled { return [] }
      let reply = try await WorkerScripts.next.engineRun(
        on: client, [.text(keys.prefix), "", .text(worker), .text(incarnation), .number(number)])
      let orders = (reply.elements ?? []).compactMap { element -> NumberedOrder? in
        guard let parts = element.elements, parts.count == 2, let number = parts[0].integer,
          let order = parts[1].string.flatMap(WorkerOrder.init(stored:))
        else { return nil }
        return NumberedOrder(number: number, order: order)
      }
      if !orders.isEmpty || time.uptime >= deadline || Task.isCancelled { return orders }
      await orderBell.wait(beyond: rings, until: deadline, on: time)
    }
  }
}

extension WorkerOrder {
  /// `quiet`, `resume`, `stop`, `scale 3`.
  fileprivate var stored: String {
    switch self {
    case .quiet: "quiet"
    case .resume: "resume"
    case .stop: "stop"
    case .scale(let slots): "scale \(slots)"
    }
  }

  fileprivate init?(stored text: String) {
    switch text {
    case "quiet": self = .quiet
    case "resume": self = .resume
    case "stop": self = .stop
    default:
      guard text.hasPrefix("scale "), let slots = Int(text.dropFirst(6)) else { return nil }
      self = .scale(slots)
    }
  }
}
