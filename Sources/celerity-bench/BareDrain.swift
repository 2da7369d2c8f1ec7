import CelerityCore
import NIOCore
import RESPClient

/// What Celery's layout asks of Redis for each task at the least, as plain commands in pipelines: take the message, file it as
/// unacknowledged, store and announce its result, acknowledge it. No leases, no records of our own, no script, no code.
struct BareDrain {
  private static let queue = RESPCommand.Argument.text("bare")
  private static let unacked = RESPCommand.Argument.text("bare.unacked")
  private static let index = RESPCommand.Argument.text("bare.unacked_index")
  private static let pipeline = 100

  private let configuration: RedisConfiguration
  private let count: Int
  private let lanes: Int

  /// - Parameter lanes: how many connections work side by side.
  init(_ endpoint: RedisEndpoint, count: Int, lanes: Int) {
    configuration = RedisConfiguration(endpoint, connections: lanes, name: "bare")
    self.count = count
    self.lanes = lanes
  }

  func run() async throws -> Duration {
    let client = RedisClient(configuration)
    // As long as an empty task's message and result are.
    let message = ByteBuffer(repeating: UInt8(ascii: "m"), count: 900)
    let result = ByteBuffer(repeating: UInt8(ascii: "r"), count: 160)
    for start in stride(from: 0, to: count, by: Self.pipeline) {
      let size = min(Self.pipeline, count - start)
      try await send(Array(repeating: RESPCommand("LPUSH", Self.queue, .bytes(message)), count: size), client)
    }
    let elapsed = try await Duration.measured {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for lane in 0..<lanes {
          let share = count / lanes + (lane < count % lanes ? 1 : 0)
          group.addTask { try await self.work(share, prefix: "bare-\(lane)-", result, client) }
        }
        try await group.waitForAll()
      }
    }
    await client.close()
    return elapsed
  }

  private func work(_ share: Int, prefix: String, _ result: ByteBuffer, _ client: RedisClient) async throws {
    for start in stride(from: 0, to: share, by: Self.pipeline) {
      let size = min(Self.pipeline, share - start)
      let taken = try await send(Array(repeating: RESPCommand("RPOP", Self.queue), count: size), client)
      var commands: [RESPCommand] = []
      for (offset, reply) in taken.enumerated() {
        guard let message = reply.bytes else { throw EngineError(.corrupt, "the bare queue ran dry") }
        let tag = RESPCommand.Argument.text("\(prefix)\(start + offset)")
        let meta = RESPCommand.Argument.text("celery-task-meta-\(prefix)\(start + offset)")
        commands += [
          RESPCommand("HSET", Self.unacked, tag, .bytes(message)), RESPCommand("ZADD", Self.index, 1, tag),
          RESPCommand("SET", meta, .bytes(result), "EX", 86_400), RESPCommand("PUBLISH", meta, .bytes(result)),
          RESPCommand("HDEL", Self.unacked, tag), RESPCommand("ZREM", Self.index, tag),
        ]
      }
      try await send(commands, client)
    }
  }

  /// Replies of which none is an error.
  @discardableResult
  private func send(_ commands: [RESPCommand], _ client: RedisClient) async throws -> [RESPValue] {
    let replies = try await client.send(commands)
    for case .error(let error) in replies { throw RedisError(error) }
    return replies
  }
}
