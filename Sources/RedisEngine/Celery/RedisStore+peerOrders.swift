import CelerityCore
import CelerityJSON
import NIOCore
import RESPClient
import Synchronization

extension RedisStore {
  /// Gives an order to one of Celery's own workers in its own words; `false` when none of this name was heard of.
  func cast(_ order: WorkerOrder, toPeer name: String) async throws(EngineError) -> Bool {
    let peers = roster.withLock { $0.alive(at: time.uptime) }
    guard let worker = peers.first(where: { ByteText($0.name) == ByteText(name) }) else { return false }
    switch order {
    case .stop: try await cast("shutdown", [], to: name)
    case .scale(let count):
      guard worker.concurrency > 0 else {
        throw EngineError(.unavailable, "it is not known yet how many tasks \(name) runs at once", hint: "try again")
      }
      let more = count - worker.concurrency
      guard more != 0 else { return true }
      try await cast(more > 0 ? "pool_grow" : "pool_shrink", [("n", .integer(Int64(abs(more))))], to: name)
      roster.withLock { $0.learn([name: PeerInterview.Answers(concurrency: count)], asked: [name]) }
    case .quiet, .resume:
      throw EngineError(
        .invalid, "\(name) is a worker of Celery's, which knows no such order",
        hint: "celery control cancel_consumer QUEUE, and add_consumer to go on")
    }
    return true
  }

  private func cast(
    _ method: String, _ arguments: [(String, RawJSON)], to name: String
  ) async throws(EngineError) {
    let mailbox = FanoutNames(prefix: keys.prefix, database: configuration.endpoint.database).mailbox
    let bytes = ControlCast.message(method, arguments, to: [name], tag: ids.next())
    _ = try await client.engineReplies([RESPCommand("PUBLISH", .text(mailbox), .bytes(ByteBuffer(bytes: bytes)))])
  }
}
