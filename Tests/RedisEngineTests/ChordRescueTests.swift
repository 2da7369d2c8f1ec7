import CelerityCore
import CelerityJSON
import CelerityTesting
import CeleryWire
import NIOCore
import RESPClient
import RedisEngine
import Testing

/// What a Python worker leaves behind that dies, or is overtaken, between counting a chord's last member and sending the body.
@Suite("Chords whose last member a Python worker has counted", .sharedRedis)
struct ChordRescueTests {
  private let request = FetchRequest(queues: ["celery"], limit: 8, worker: "w", lease: .seconds(60), wait: .zero)

  /// A chord of two that a Python program has published, and what its keys are looked at with.
  private struct Chord {
    var stand: Stand
    var client: RedisClient

    func key(_ part: ResultKey.ChordCount) -> RESPCommand.Argument {
      .text(stand.prefix + ResultKey.chord("g", part))
    }

    func publish(_ id: String, _ index: Int, withChord: Bool = true) async throws {
      var message = TaskMessage(id: TaskID(stored: id), task: "work", queue: "celery")
      message.extras.group = TaskMessage.GroupMembership(id: "g", index: index)
      if withChord { message.extras.chord = Signature(task: "body", options: .object([("task_id", .string("body"))])) }
      let envelope = MessageWriter(origin: "gen1@client").envelope(message, deliveryTag: id)
      try await client.send(RESPCommand("LPUSH", .text("\(stand.prefix)celery"), .bytes(ByteBuffer(bytes: envelope))))
    }

    func publish() async throws {
      try await client.send(RESPCommand("DEL", key(.claim)))
      try await client.send(RESPCommand("SET", key(.size), 2))
      try await publish("a", 0)
      try await publish("b", 1)
    }

    /// Counts a member as Celery's script does.
    func count(_ id: String, _ index: Int) async throws {
      let text = "[1, \"\(id)\", \"SUCCESS\", \(index)]"
      try await client.send(RESPCommand("ZADD", key(.parts), .number(index), .text(text)))
      try await client.send(RESPCommand("SADD", key(.counted), .text("\(id):\(index)")))
    }

    /// The names of the counters that are there.
    func counters() async throws -> String {
      var left = ""
      for part in [ResultKey.ChordCount.size, .parts, .added, .counted]
      where try await client.send(RESPCommand("EXISTS", key(part))).integer == 1 { left += part.rawValue }
      return left
    }
  }

  private func withChord(_ test: (Chord, RedisStore, TestTime) async throws -> Void) async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    let chord = Chord(stand: stand, client: try stand.client())
    try await chord.publish()
    try await test(chord, store, time)
    await chord.client.close()
    await stand.close()
  }

  /// Runs what waits; answers what it was, with the arguments of the body.
  private func runAll(_ store: RedisStore) async throws -> [String] {
    let deliveries = try await store.fetch(request)
    let results = try await store.settle(deliveries.map { Settlement($0, .success(.integer(7))) })
    #expect(results.count == deliveries.count)
    return deliveries.map { $0.message.id.text + ($0.message.task == "body" ? $0.message.args.description : "") }
  }

  @Test("The body is sent when the member comes back whose worker died")
  func sendsBody() async throws {
    try await withChord { chord, store, _ in
      try await chord.count("b", 1)
      #expect(try await runAll(store) == ["a", "b"])
      #expect(try await runAll(store) == ["body[[7,1]]"])
      #expect(try await chord.counters() == "")
    }
  }

  @Test("A body that names the header as its group, as in a chain, does not count as its member")
  func bodyIsNoMember() async throws {
    try await withChord { chord, store, _ in
      #expect(try await runAll(store) == ["a", "b"])
      // Of another run of the chord, whose body was sent and whose counters are there yet.
      try await chord.client.send(RESPCommand("DEL", chord.key(.claim)))
      try await chord.client.send(RESPCommand("SET", chord.key(.size), 2))
      try await chord.count("a", 0)
      try await chord.publish("other", .max, withChord: false)
      #expect(try await runAll(store) == ["body[[7,7]]", "other"])
      #expect(try await chord.client.send(RESPCommand("ZCARD", chord.key(.parts))).integer == 1)
    }
  }

  @Test("A dead worker's claim on the body is waited for, and no longer")
  func outlivesClaim() async throws {
    try await withChord { chord, store, time in
      try await chord.count("b", 1)
      try await chord.client.send(RESPCommand("SET", chord.key(.claim), "token"))
      #expect(try await runAll(store) == ["a", "b"])
      #expect(try await runAll(store) == [])
      // Still claimed when it is looked at first, and free at the second time.
      for isFree in [false, true] {
        if isFree { try await chord.client.send(RESPCommand("DEL", chord.key(.claim))) }
        #expect(try await runAll(store) == [])
        #expect(try await store.maintain(MaintenanceRequest()).nextDue == .seconds(7))
        time.advance(by: .seconds(7))
        _ = try await store.maintain(MaintenanceRequest())
      }
      #expect(try await runAll(store) == ["body[[7,1]]"])
      #expect(try await chord.counters() == "")
      #expect(try await store.queues(of: nil).allSatisfy { $0.leased == 0 && $0.ready == 0 })
    }
  }

  @Test("A body that a living worker has sent meanwhile is not sent again")
  func sentMeanwhile() async throws {
    try await withChord { chord, store, time in
      try await chord.count("b", 1)
      try await chord.client.send(RESPCommand("SET", chord.key(.claim), "token"))
      #expect(try await runAll(store) == ["a", "b"])
      try await chord.client.send(RESPCommand("DEL", chord.key(.size), chord.key(.parts), chord.key(.counted)))
      try await chord.client.send(RESPCommand("SET", chord.key(.claim), "done"))
      time.advance(by: .seconds(8))
      _ = try await store.maintain(MaintenanceRequest())
      #expect(try await runAll(store) == [])
      #expect(try await runAll(store) == [])
      #expect(try await chord.counters() == "")
      #expect(try await store.queues(of: nil).allSatisfy { $0.leased == 0 && $0.ready == 0 })
    }
  }

  @Test("Of a chord that was published twice no counters are left, and its body runs once")
  func publishedTwice() async throws {
    try await withChord { chord, store, _ in
      #expect(try await runAll(store) == ["a", "b"])
      #expect(try await runAll(store) == ["body[[7,7]]"])
      // The second publisher has taken the claim away before the first could tidy up.
      try await chord.publish()
      try await chord.count("a", 0)
      try await chord.count("b", 1)
      #expect(try await runAll(store) == [])
      #expect(try await runAll(store) == [])
      #expect(try await chord.counters() == "")
    }
  }

  @Test("Very many members of a chord may come again while its body is claimed")
  func manyLooks() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    let chord = Chord(stand: stand, client: try stand.client())
    let size = 1100
    try await chord.client.send(RESPCommand("SET", chord.key(.size), .number(size)))
    try await chord.client.send(RESPCommand("SET", chord.key(.claim), "token"))
    for place in 0..<size {
      try await chord.publish("m\(place)", place)
      try await chord.count("m\(place)", place)
    }
    var many = request
    many.limit = 200
    var ran = 0
    while case let deliveries = try await store.fetch(many), !deliveries.isEmpty {
      ran += try await store.settle(deliveries.map { Settlement($0, .success(.integer(7))) }).count
    }
    #expect(ran == size)
    try await chord.client.send(RESPCommand("DEL", chord.key(.claim)))
    time.advance(by: .seconds(7))
    // One of them is taken away by somebody else.
    let leases = RESPCommand.Argument.text("\(stand.prefix)celerity:lease")
    let first = try await chord.client.send(RESPCommand("ZRANGE", leases, 0, 0)).elements?.first?.string
    try await chord.client.send(RESPCommand("ZREM", leases, .text(try #require(first))))
    _ = try await store.maintain(MaintenanceRequest())
    #expect(try await store.fetch(many).map(\.message.id.text) == ["body"])
    #expect(try await chord.counters() == "")
    #expect(try await chord.client.send(RESPCommand("ZCARD", leases)).integer == 1)
    await chord.client.close()
    await stand.close()
  }
}
