import CelerityTesting
import NIOCore
import Synchronization
import Testing

@testable import RESPClient

@Suite(.timeLimit(.minutes(2))) struct ClientTests {
  private func client(
    _ server: RedisServer, _ change: (inout RedisConfiguration) -> Void = { _ in }
  ) throws -> RedisClient {
    var configuration = RedisConfiguration(try RedisEndpoint(url: server.url))
    change(&configuration)
    return RedisClient(configuration)
  }

  @Test("a thousand tasks share one connection and each gets its own reply") func sharing() async throws {
    let server = try await RedisServer.started()
    let client = try client(server)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<1000 {
        group.addTask {
          let replies = try await client.send([
            RESPCommand("SET", .text("k\(number)"), .number(number)), RESPCommand("GET", .text("k\(number)")),
          ])
          #expect(replies[1].integer == Int64(number))
        }
      }
      try await group.waitForAll()
    }
    let clients = try await client.send(RESPCommand("INFO", "clients")).string ?? ""
    #expect(clients.contains("connected_clients:1\r\n"))
    await client.close()
  }

  @Test("an error in a pipeline is the reply of its own command alone") func errors() async throws {
    let server = try await RedisServer.started()
    let client = try client(server)
    let replies = try await client.send([
      RESPCommand("SET", "k", "text"), RESPCommand("INCR", "k"), RESPCommand("GET", "k"),
    ])
    guard case .error = replies[1] else { Issue.record("INCR of a text gave \(replies[1])"); return }
    #expect(replies[2].string == "text")
    await client.close()
  }

  @Test("a cancelled wait leaves its neighbours alone") func cancelling() async throws {
    let server = try await RedisServer.started()
    let client = try client(server)
    try await client.send(RESPCommand("PING"))
    server.pause()
    let doomed = Task { try await client.send(RESPCommand("GET", "a")) }
    let neighbour = Task { try await client.send(RESPCommand("INCR", "b")) }
    doomed.cancel()
    await #expect(throws: RedisError.self) { try await doomed.value }
    server.resume()
    #expect(try await neighbour.value.integer == 1)
    await client.close()
  }

  @Test("after a restart of the server commands and scripts work again") func restart() async throws {
    let server = try await RedisServer.started(options: ["--appendfsync", "always"])
    let client = try client(server)
    let script = RedisScript("count", "return redis.call('INCR', KEYS[1])")
    #expect(try await script.run(on: client, keys: ["n"]).integer == 1)
    server.kill()
    let during = Task { try await client.send(RESPCommand("GET", "n")) }
    try await server.start()
    // It waited for the server, or was lost with the old connection; either way the next one works.
    _ = try? await during.value
    #expect(try await script.run(on: client, keys: ["n"]).integer == 2)
    try await client.send(RESPCommand("SCRIPT", "FLUSH"))
    #expect(try await script.run(on: client, keys: ["n"]).integer == 3)
    await client.close()
  }

  @Test("a server that falls silent is given up, and a half-open connection is not waited for") func silence()
    async throws
  {
    let server = try await RedisServer.started()
    let client = try client(server) { $0.replyTimeout = .milliseconds(300) }
    try await client.send(RESPCommand("PING"))
    server.pause()
    let error = await #expect(throws: RedisError.self) { try await client.send(RESPCommand("PING")) }
    #expect(error?.code == .timedOut)
    server.resume()
    #expect(try await client.send(RESPCommand("PING")).string == "PONG")
    await client.close()
  }

  @Test("nobody there is an error within the patience, and safe to repeat") func nobody() async throws {
    let server = try RedisServer()
    let client = try client(server) { $0.patience = .milliseconds(200) }
    let error = await #expect(throws: RedisError.self) { try await client.send(RESPCommand("PING")) }
    #expect(error?.isSafeToRepeat == true)
    await client.close()
  }

  @Test("a process that is about to end waits once for a server that is away, not with each command")
  func lastWords() async throws {
    let server = try RedisServer()
    let client = try client(server)
    client.limitPatience(to: .milliseconds(500))
    let elapsed = await ContinuousClock().measure {
      for _ in 0..<6 { await #expect(throws: RedisError.self) { try await client.send(RESPCommand("PING")) } }
    }
    // Each for itself would be 30 s.
    #expect(elapsed < .seconds(5))
    await client.close()
  }

  @Test("so it does when the server is there and silent, and an answer begins the time anew")
  func lastWordsToSilence() async throws {
    let server = try await RedisServer.started()
    let client = try client(server)
    try await client.send(RESPCommand("PING"))
    client.limitPatience(to: .milliseconds(500))
    server.pause()
    let elapsed = await ContinuousClock().measure {
      for _ in 0..<4 { await #expect(throws: RedisError.self) { try await client.send(RESPCommand("PING")) } }
    }
    #expect(elapsed < .seconds(5))
    server.resume()
    while (try? await client.send(RESPCommand("PING"))) == nil { await Task.yield() }
    try await client.send(RESPCommand("PING"))
    await client.close()
  }

  @Test("a wrong password is said at once, a right one lets in") func passwords() async throws {
    let server = try await RedisServer.started(options: ["--requirepass", "geheim"])
    let wrong = try client(server) { $0.endpoint.password = "falsch" }
    let error = await #expect(throws: RedisError.self) { try await wrong.send(RESPCommand("PING")) }
    #expect(error?.code == .denied)
    let right = try client(server) { $0.endpoint.password = "geheim" }
    #expect(try await right.send(RESPCommand("PING")).string == "PONG")
    await wrong.close()
    await right.close()
  }

  @Test("a subscription hears messages and says when it is in force again after a restart") func subscribing()
    async throws
  {
    let server = try await RedisServer.started()
    let client = try client(server)
    let subscription = RedisSubscription(client.configuration, channels: ["news"], patterns: ["p.*"])
    let (heard, feed) = AsyncStream.makeStream(of: RedisMessage.self)
    let listener = Task { await subscription.run { feed.yield($0) } }
    var messages = heard.makeAsyncIterator()
    #expect(await messages.next() == .subscribed)
    _ = try await client.send([RESPCommand("PUBLISH", "news", "one"), RESPCommand("PUBLISH", "p.x", "two")])
    #expect(await messages.next() == .message(channel: "news", pattern: nil, ByteBuffer(string: "one")))
    #expect(await messages.next() == .message(channel: "p.x", pattern: "p.*", ByteBuffer(string: "two")))
    server.kill()
    try await server.start()
    #expect(await messages.next() == .subscribed)
    listener.cancel()
    await listener.value
    await client.close()
  }

  @Test("a value of 10 MB and bytes that are no text come back as they were") func bytes() async throws {
    let server = try await RedisServer.started()
    let client = try client(server)
    let value = ByteBuffer(bytes: (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    try await client.send(RESPCommand("SET", "big", .bytes(value)))
    #expect(try await client.send(RESPCommand("GET", "big")) == .bulkString(value))
    await client.close()
  }
}
