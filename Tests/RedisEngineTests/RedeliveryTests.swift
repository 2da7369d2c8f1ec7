import CelerityCore
import CelerityTesting
import CeleryWire
import NIOCore
import RESPClient
import RedisEngine
import Testing

@Suite("Messages that come twice, or when nobody waits any more", .sharedRedis)
struct RedeliveryTests {
  private func message(_ id: String, eta: Timestamp? = nil) -> TaskMessage {
    TaskMessage(id: TaskID(stored: id), task: "work", queue: "celery", eta: eta)
  }

  private let request = FetchRequest(queues: ["celery"], limit: 2, worker: "w", lease: .seconds(60), wait: .zero)

  /// Takes the only message as a Python worker does, and puts it back as one that shuts down.
  private func redeliver(_ stand: Stand, _ meanwhile: () async throws -> Void) async throws {
    let client = try stand.client()
    let list = RESPCommand.Argument.text("\(stand.prefix)celery")
    let text = try #require(try await client.send(RESPCommand("RPOP", list)).string)
    try await meanwhile()
    let flag = #""headers":{"redelivered":true,"#
    let marked = text.replacing(#/"headers": ?\{/#) { _ in flag }
    #expect(marked != text)
    try await client.send(RESPCommand("RPUSH", list, .text(marked)))
    await client.close()
  }

  @Test("A task that was cancelled while a Python worker had its message does not run when that comes back")
  func cancelledMeanwhile() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    _ = try await store.submit([Submission(message("a"))])
    let key = TaskKey(TaskID(stored: "a"))
    try await redeliver(stand) {
      let results = try await store.cancel([CancelRequest(key)])
      #expect(results == [.revoked])
    }
    #expect(try await store.fetch(request).isEmpty)
    #expect(try await store.records([key])[0].record?.state == .revoked)
    #expect(try await store.queues(of: nil).isEmpty)
    await stand.close()
  }

  /// Takes the only message as a Python worker does that is killed before it acknowledges it.
  private func hold(_ stand: Stand, _ time: TestTime, exchange: String = "") async throws {
    let client = try stand.client()
    let text = try #require(try await client.send(RESPCommand("RPOP", .text("\(stand.prefix)celery"))).string)
    let filed = "[\(text), \"\(exchange)\", \"celery\"]"
    try await client.send(RESPCommand("HSET", .text("\(stand.prefix)unacked"), "tag", .text(filed)))
    let now = time.now.microseconds / 1_000_000
    try await client.send(RESPCommand("ZADD", .text("\(stand.prefix)unacked_index"), .number(now), "tag"))
    await client.close()
  }

  private func held(_ stand: Stand) async throws -> [Int64?] {
    let client = try stand.client()
    let replies = try await client.send([
      RESPCommand("HLEN", .text("\(stand.prefix)unacked")),
      RESPCommand("ZCARD", .text("\(stand.prefix)unacked_index")),
    ])
    await client.close()
    return replies.map(\.integer)
  }

  @Test("What a dead Python worker held comes back after its fleet's timeout, and not before")
  func visibilityTimeout() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time) { $0.visibilityTimeout = .seconds(3600) }
    _ = try await store.submit([Submission(message("a"))])
    try await hold(stand, time)
    time.advance(by: .seconds(3599))
    let report = try await store.maintain(MaintenanceRequest())
    #expect(report.reclaimed == 0 && report.nextDue == .seconds(30))
    #expect(try await held(stand) == [1, 1])
    time.advance(by: .seconds(30))
    #expect(try await store.maintain(MaintenanceRequest()).reclaimed == 1)
    #expect(try await held(stand) == [0, 0])
    let deliveries = try await store.fetch(request)
    #expect(deliveries.map(\.message.id.text) == ["a"])
    // What our own workers hold is a matter of their leases.
    time.advance(by: .seconds(30))
    #expect(try await store.maintain(MaintenanceRequest()).reclaimed == 0)
    #expect(try await store.queues(of: nil).map(\.leased) == [1])
    await stand.close()
  }

  @Test("Of what Python workers hold only what is old comes back, however much of it is ours or no message any more")
  func manyHolds() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time) { $0.visibilityTimeout = .seconds(3600) }
    let client = try stand.client()
    let (unacked, index) = ("\(stand.prefix)unacked", "\(stand.prefix)unacked_index")
    let start = time.now.microseconds / 1_000_000
    let envelope = String(
      decoding: MessageWriter(origin: "gen1@client").envelope(message("old"), deliveryTag: "old"), as: UTF8.self)
    // In front of it stand more than one page of what is to stay, or to go.
    for number in 0..<1500 {
      let tag = number % 2 == 0 ? "celerity:default/t\(number):1" : "gone\(number)"
      try await client.send(RESPCommand("ZADD", .text(index), .number(start - 10), .text(tag)))
    }
    for (tag, score) in [("old", start), ("young", start + 60)] {
      try await client.send(RESPCommand("ZADD", .text(index), .number(score), .text(tag)))
      try await client.send(RESPCommand("HSET", .text(unacked), .text(tag), .text("[\(envelope),\"\",\"celery\"]")))
    }
    time.advance(by: .seconds(3630))
    #expect(try await store.maintain(MaintenanceRequest()).reclaimed == 1)
    #expect(try await client.send(RESPCommand("HKEYS", .text(unacked))).elements?.map(\.string) == ["young"])
    #expect(try await client.send(RESPCommand("ZCARD", .text(index))).integer == 751)
    #expect(try await store.fetch(request).map(\.message.id.text) == ["old"])
    await client.close()
    await stand.close()
  }

  @Test("What comes back so does not run when it was cancelled meanwhile")
  func cancelledWhileHeld() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time) { $0.visibilityTimeout = .seconds(3600) }
    _ = try await store.submit([Submission(message("a"))])
    try await hold(stand, time)
    #expect(try await store.cancel([CancelRequest(TaskKey(TaskID(stored: "a")))]) == [.revoked])
    time.advance(by: .seconds(3601))
    #expect(try await store.maintain(MaintenanceRequest()).reclaimed == 1)
    #expect(try await store.fetch(request).isEmpty)
    #expect(try await held(stand) == [0, 0])
    await stand.close()
  }

  @Test("Without a timeout, and of another exchange, it is left to Python", arguments: ["", "other"])
  func leftToPython(exchange: String) async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time) { $0.visibilityTimeout = exchange.isEmpty ? .zero : .seconds(3600) }
    _ = try await store.submit([Submission(message("a"))])
    try await hold(stand, time, exchange: exchange)
    time.advance(by: .seconds(100_000))
    #expect(try await store.maintain(MaintenanceRequest()).reclaimed == 0)
    #expect(try await held(stand) == [1, 1])
    await stand.close()
  }

  @Test("A message that comes back runs if nobody has ended its task")
  func comesBack() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    _ = try await store.submit([Submission(message("a"))])
    try await redeliver(stand) {}
    #expect(try await store.fetch(request).map(\.message.id.text) == ["a"])
    await stand.close()
  }

  /// Publishes as Python's clients do.
  private func push(_ message: TaskMessage, _ stand: Stand) async throws {
    let envelope = MessageWriter(origin: "gen1@client").envelope(message, deliveryTag: "d\(message.eta == nil)")
    let client = try stand.client()
    try await client.send(
      RESPCommand("LPUSH", .text("\(stand.prefix)celery"), .bytes(ByteBuffer(bytes: envelope))))
    await client.close()
  }

  @Test("A fetch that is cancelled claims nothing")
  func cancelled() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    _ = try await store.submit([Submission(message("a"))])
    let fetch = Task { [request] in
      withUnsafeCurrentTask { $0?.cancel() }
      return try await store.fetch(request)
    }
    #expect(try await fetch.value.isEmpty)
    #expect(try await store.queues(of: nil).map(\.ready) == [1])
    #expect(try await store.fetch(request).map(\.message.id.text) == ["a"])
    await stand.close()
  }

  @Test("A delayed task that is published again to run at once is delayed no more")
  func hastened() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    _ = try await store.submit([Submission(message("a", eta: time.now + .seconds(600)))])
    try await push(message("a"), stand)
    #expect(try await store.fetch(request).map(\.message.id.text) == ["a"])
    let status = try #require(try await store.queues(of: nil).first)
    #expect(status.delayed == 0 && status.leased == 1)
    await stand.close()
  }

  @Test("Of two copies of a waiting message one is taken, and no other is left")
  func copies() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    try await push(message("b"), stand)
    _ = try await store.submit([Submission(message("b"))])
    var one = request
    one.limit = 1
    #expect(try await store.fetch(one).map(\.message.id.text) == ["b"])
    #expect(try await store.queues(of: nil).map(\.ready) == [0])
    await stand.close()
  }
}
