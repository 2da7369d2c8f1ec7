import CelerityCore
import CelerityJSON
import CelerityTesting
import RESPClient
import Testing

@testable import RedisEngine

@Suite("Queues whose names are taken in Redis, and records that can't be read", .sharedRedis)
struct StrangeKeyTests {
  private func message(_ id: String, queue: String = "celery", eta: Timestamp? = nil) -> TaskMessage {
    TaskMessage(id: TaskID(stored: id), task: "work", queue: queue, eta: eta)
  }

  private func key(_ id: String) -> TaskKey { TaskKey(TaskID(stored: id)) }

  private func request(_ limit: Int, _ queues: String...) -> FetchRequest {
    FetchRequest(queues: queues, limit: limit, worker: "w", lease: .seconds(30), wait: .zero)
  }

  private func isInvalid(_ result: SubmitResult) -> Bool {
    if case .conflict(let error) = result { error.code == .invalid && error.hint != nil } else { false }
  }

  // MARK: Names

  @Test(
    "A queue can't be called as a key of Celery's or ours",
    arguments: [
      "unacked", "unacked_index", "unacked_mutex", "celerity:feed", "_kombu.binding.celery", "celery-task-meta-a",
    ])
  func reserved(_ name: String) async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    let results = try await store.submit([Submission(message("a", queue: name)), Submission(message("b"))])
    #expect(isInvalid(results[0]))
    #expect(results[1].id == key("b").id)
    #expect(try await store.records([key("a")]) == [.unknown])
    for call in [
      { _ = try await store.fetch(request(1, name)) },
      { _ = try await store.control([.move(QueueKey("celery"), to: name)]) },
    ] {
      let error = await #expect(throws: EngineError.self) { try await call() }
      #expect(error?.code == .invalid)
    }
    #expect(try await store.fetch(request(9, "celery")).map(\.key) == [key("b")])
    await stand.close()
  }

  @Test("A follower whose queue has such a name fails, and what waits for it learns of it")
  func reservedFollower() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    var first = message("a")
    func step(_ id: String, _ queue: String) -> Signature {
      Signature(task: "work", options: .object([("task_id", .string(id)), ("queue", .string(queue))]))
    }
    first.extras.chain = [step("b", "unacked"), step("c", "celery")]
    _ = try await store.submit([Submission(first)])
    let delivery = try #require(try await store.fetch(request(1, "celery")).first)
    let results = try await store.settle([Settlement(delivery, .success(.true))])
    guard case .committed(.success, _) = results[0] else {
      Issue.record("\(results)")
      return
    }
    let records = try await store.records([key("b"), key("c")]).map(\.record)
    #expect(records.map { $0?.failure?.type } == ["InvalidQueue", "InvalidQueue"])
    await stand.close()
  }

  // MARK: Keys of other programs

  @Test("A key that is no list refuses what is to wait there, and nothing else")
  func otherType() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    let client = try stand.client()
    try await client.send(RESPCommand("SET", .text("\(stand.prefix)taken"), "theirs"))
    let results = try await store.submit([Submission(message("a", queue: "taken")), Submission(message("b"))])
    #expect(isInvalid(results[0]))
    #expect(results[1].id == key("b").id)
    #expect(try await store.records([key("a")]) == [.unknown])
    #expect(try await store.fetch(request(9, "taken", "celery")).map(\.key) == [key("b")])
    #expect(try await client.send(RESPCommand("GET", .text("\(stand.prefix)taken"))).string == "theirs")
    await client.close()
    await stand.close()
  }

  @Test("Delayed tasks wait until their queue's key is a list again; others are not held up")
  func delayed() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    let client = try stand.client()
    let soon = time.now + .seconds(10)
    _ = try await store.submit(
      [message("a", queue: "taken", eta: soon), message("b", eta: soon)].map { Submission($0) })
    try await client.send(RESPCommand("SET", .text("\(stand.prefix)taken"), "theirs"))
    time.advance(by: .seconds(11))
    _ = try await store.maintain(MaintenanceRequest())
    #expect(try await store.fetch(request(9, "taken", "celery")).map(\.key) == [key("b")])
    #expect(try await store.records([key("a")])[0].record?.phase == .delayed)
    #expect(try await store.queues(of: nil).contains { $0.key.name == "taken" && $0.delayed == 1 })
    try await client.send(RESPCommand("DEL", .text("\(stand.prefix)taken")))
    time.advance(by: .seconds(61))
    #expect(try await store.maintain(MaintenanceRequest()).promoted == 1)
    #expect(try await store.fetch(request(9, "taken")).map(\.key) == [key("a")])
    await client.close()
    await stand.close()
  }

  @Test("A task ends although another program has the key of its result")
  func takenMeta() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    let client = try stand.client()
    try await client.send(RESPCommand("LPUSH", .text(store.keys.meta(key("a"))), "theirs"))
    _ = try await store.submit([Submission(message("a"))])
    let delivery = try #require(try await store.fetch(request(1, "celery")).first)
    guard case .committed(.success, _) = try await store.settle([Settlement(delivery, .success(.true))])[0] else {
      Issue.record("not committed")
      return
    }
    #expect(try await store.records([key("a")])[0].record?.result == .true)
    await client.close()
    await stand.close()
  }

  // MARK: Damage

  private func damage(_ stand: Stand, _ store: RedisStore, _ id: String, _ field: String) async throws {
    let client = try stand.client()
    try await client.send(
      RESPCommand("HSET", .text(store.keys.task(key(id))), .text(field), .text("\u{7}not what was written")))
    await client.close()
  }

  @Test("A record that can't be read is its own task's loss, not that of the batch", arguments: ["r", "m"])
  func settling(_ field: String) async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    let other = try await stand.open(time)
    _ = try await store.submit(["a", "b", "c"].map { Submission(message($0)) })
    let deliveries = try await store.fetch(request(3, "celery"))
    try await damage(stand, store, "b", field)
    // Another process, which has no copy of the record.
    let results = try await other.settle(deliveries.map { Settlement($0, .success(.true)) })
    for place in [0, 2] {
      guard case .committed(.success, _) = results[place] else {
        Issue.record("\(results)")
        return
      }
    }
    #expect(results[1] == .stale)
    let record = try #require(try await store.records([key("b")])[0].record)
    #expect("\(record.state) \(record.reason ?? "") \(record.isDeadLetter)" == "failure corrupt true")
    #expect(record.failure?.type == "CorruptRecord")
    #expect(try await store.list(RecordQuery()).records.count == 3)
    #expect(try await store.list(RecordQuery(isDeadLetter: true)).records.map(\.key) == [key("b")])
    time.advance(by: .seconds(31))
    _ = try await store.maintain(MaintenanceRequest())
    #expect(try await store.fetch(request(9, "celery")).isEmpty)
    #expect(try await store.control([.discard(key("b"))]) == [.done(affected: 1)])
    #expect(try await store.records([key("b")]) == [.unknown])
    await stand.close()
  }

  @Test("Duties are done for the others of a batch")
  func maintaining() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    let soon = time.now + .seconds(10)
    _ = try await store.submit(["a", "b"].map { Submission(message($0, eta: soon)) })
    try await damage(stand, store, "a", "r")
    time.advance(by: .seconds(11))
    #expect(try await store.maintain(MaintenanceRequest()).promoted == 1)
    #expect(try await store.fetch(request(9, "celery")).map(\.key) == [key("b")])
    let record = try #require(try await store.records([key("a")])[0].record)
    #expect(record.reason == "corrupt" && record.finished == time.now)
    let brief = Retention(success: .seconds(5), failure: .seconds(5), tombstone: .zero)
    time.advance(by: .seconds(6))
    #expect(try await store.maintain(MaintenanceRequest(retention: brief)).purged == 1)
    await stand.close()
  }

  @Test("The chord of a task whose record can't be read comes to its end")
  func chordOfDamaged() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    let group = GroupDeclaration(id: "g", size: 1, body: message("body", queue: "bodies"))
    var member = message("a", eta: time.now + .seconds(10))
    member.extras.group = TaskMessage.GroupMembership(id: "g", index: 0)
    _ = try await store.submit([Submission(member, group: group)])
    try await damage(stand, store, "a", "r")
    time.advance(by: .seconds(11))
    _ = try await store.maintain(MaintenanceRequest())
    #expect(try await store.records([key("body")])[0].record?.failure?.type == "ChordError")
    await stand.close()
  }

  @Test("What is ready is fetched although a record among it can't be read, and runs by its message")
  func fetching() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    _ = try await store.submit(["a", "b", "c"].map { Submission(message($0)) })
    try await damage(stand, store, "b", "r")
    let deliveries = try await store.fetch(request(3, "celery"))
    #expect(Set(deliveries.map(\.key)) == Set(["a", "b", "c"].map(key)))
    await stand.close()
  }
}
