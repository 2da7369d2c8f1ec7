import CelerityCore
import CelerityJSON
import CeleryWire
import NIOCore
import RESPClient
import Testing

@testable import RedisEngine

@Suite("A worker among Celery's", .sharedRedis, .timeLimit(.minutes(1)))
struct CeleryPeerTests {
  private struct Scene {
    var store: RedisStore
    var desk = FakeDesk()
    var outbox = EventOutbox()
    var client: CeleryClient
    var peer: Task<Void, Never>
  }

  /// Runs a body beside a peer that is known to listen; afterwards the peer has left.
  private func scene(
    _ change: (inout CeleryPeerConfiguration) -> Void = { _ in }, _ body: (Scene) async throws -> Void
  ) async throws {
    let stand = Stand()
    let store = try await stand.open(SystemTime())
    let client = await CeleryClient(store)
    let (desk, outbox) = (FakeDesk(), EventOutbox())
    var configuration = CeleryPeerConfiguration(
      name: "w1@host1", version: "0.1.0", settings: [("broker_url", .string("redis://h"))])
    change(&configuration)
    let peer = CeleryPeer(configuration, store: store, outbox: outbox, desk: desk)
    let running = Task { await peer.run() }
    do {
      _ = try await client.next("worker-online")
      try await body(Scene(store: store, desk: desk, outbox: outbox, client: client, peer: running))
    } catch {
      Issue.record(error)
    }
    running.cancel()
    await running.value
    await client.close()
    await stand.close()
  }

  private static func message(_ id: String) -> TaskMessage {
    TaskMessage(id: TaskID(stored: id), task: "wapp.add", queue: "celery")
  }

  // MARK: Events

  @Test("It says that it is there, that it lives, and that it goes; its mailbox is declared meanwhile")
  func life() async throws {
    try await scene { scene in
      let beat = try await scene.client.next("worker-heartbeat")
      #expect(beat.channel.hasSuffix("/0.celeryev/worker.heartbeat"))
      #expect(beat.event["hostname"]?.stringValue == "w1@host1")
      #expect(beat.event["processed"]?.int64Value == 3)
      #expect(beat.event["freq"]?.doubleValue == 2)
      _ = try await scene.client.ask("ping")
      let table = RESPCommand("SMEMBERS", .text(scene.client.names.table("celery.pidbox")))
      #expect(
        try await scene.client.client.send(table).elements?.compactMap(\.string)
          == ["\u{6}\u{16}\u{6}\u{16}w1@host1.celery.pidbox"])
      scene.peer.cancel()
      _ = try await scene.client.next("worker-offline")
      await scene.peer.value
      #expect(try await scene.client.client.send(table).elements?.isEmpty != false)
    }
  }

  @Test("What becomes of tasks is told in its order, in arrays, with a clock that grows")
  func tasks() async throws {
    try await scene { scene in
      let events: [WorkerEvent] = [.received, .started(waited: nil), .ended(.success(.integer(5)), ran: .seconds(1))]
      for event in events { scene.outbox.note(event, of: Self.message("t1")) }
      var clocks: [Int64] = []
      for type in ["task-received", "task-started", "task-succeeded"] {
        let heard = try await scene.client.next(type)
        #expect(heard.channel.hasSuffix("/0.celeryev/task.multi"))
        #expect(heard.event["uuid"]?.stringValue == "t1")
        clocks.append(try #require(heard.event["clock"]?.int64Value))
      }
      #expect(clocks == clocks.sorted())
      let stats = try await scene.client.ask("stats")
      #expect(stats["total"]?["wapp.add"]?.int64Value == 1)
    }
  }

  @Test("A worker that goes says first what it has done")
  func last() async throws {
    try await scene { scene in
      for index in 0..<100 { scene.outbox.note(.started(waited: nil), of: Self.message("t\(index)")) }
      scene.peer.cancel()
      for index in 0..<100 {
        #expect(try await scene.client.next("task-started").event["uuid"]?.stringValue == "t\(index)")
      }
      _ = try await scene.client.next("worker-offline")
    }
  }

  @Test("Events of tasks can be turned off and on")
  func switched() async throws {
    try await scene({ $0.sendsTaskEvents = false }) { scene in
      scene.outbox.note(.started(waited: nil), of: Self.message("t1"))
      let on = try await scene.client.ask("enable_events")
      #expect(on["ok"]?.stringValue == "task events enabled")
      scene.outbox.note(.started(waited: nil), of: Self.message("t2"))
      #expect(try await scene.client.next("task-started").event["uuid"]?.stringValue == "t2")
    }
  }

  @Test("A task of a Python client that must wait is received, once; one that came too late is told to have expired")
  func passers() async throws {
    try await scene { scene in
      let now = SystemTime().now
      let late = TaskMessage(
        id: TaskID(stored: "late"), task: "wapp.add", queue: "celery", expires: now + .seconds(-60))
      let delayed = TaskMessage(
        id: TaskID(stored: "delayed"), task: "wapp.add", queue: "celery", eta: now + .seconds(60))
      for message in [late, delayed] {
        let envelope = MessageWriter(origin: "gen1@client").envelope(message, deliveryTag: message.id.text)
        try await scene.client.client.send(
          RESPCommand("LPUSH", .text("\(scene.client.names.prefix)celery"), .bytes(ByteBuffer(bytes: envelope))))
      }
      #expect(try await scene.store.fetch(FetchRequest(queues: ["celery"], limit: 2, worker: "w")).isEmpty)
      let expired = try await scene.client.next("task-revoked")
      #expect(expired.event["uuid"]?.stringValue == "late")
      #expect(expired.event["expired"]?.boolValue == true)
      #expect(try await scene.client.next("task-received").event["uuid"]?.stringValue == "delayed")
      scene.outbox.note(.received, of: Self.message("delayed"))
      scene.outbox.note(.received, of: Self.message("other"))
      #expect(try await scene.client.next("task-received").event["uuid"]?.stringValue == "other")
    }
  }

  // MARK: Commands

  @Test("A command nobody waits for is obeyed without an answer, and an answer for nobody is dropped")
  func casts() async throws {
    try await scene { scene in
      try await scene.client.cast("ping", reply: true)
      // Commands are obeyed one after the other.
      #expect(try await scene.client.cast("heartbeat") == 1)
      while try await scene.client.next("worker-heartbeat").event["freq"]?.doubleValue != 5 {}
      _ = try await scene.client.ask("ping")  // whose queue is there now
      let left = try await scene.client.client.send(RESPCommand("KEYS", .text("\(scene.client.names.prefix)*reply*")))
      #expect(left.elements?.compactMap(\.string) == [scene.client.names.table("reply.celery.pidbox")])
    }
  }

  @Test("The worker is told what commands say")
  func orders() async throws {
    try await scene { scene in
      for (method, arguments) in [
        ("pool_grow", #"{"n": 2}"#), ("add_consumer", #"{"queue": "q2"}"#),
        ("cancel_consumer", #"{"queue": "celery"}"#),
        ("rate_limit", #"{"task_name": "wapp.add", "rate_limit": "10/m"}"#),
        ("time_limit", #"{"task_name": "wapp.add", "hard": 10, "soft": 5}"#),
      ] {
        let answer = try await scene.client.ask(method, arguments)
        #expect(answer["ok"] != nil, "\(method): \(answer)")
      }
      #expect(
        scene.desk.told == ["scale 4", "add q2", "remove celery", "rate wapp.add 10/m", "time wapp.add 10.0 5.0"])
      let queues = try await scene.client.ask("active_queues")
      #expect(queues.elements()?.compactMap { $0["name"]?.stringValue } == ["q2"])
      try await scene.client.cast("shutdown")
      _ = try await scene.client.ask("ping")
      #expect(scene.desk.told.last == "stop")
    }
  }

  @Test("Nonsense in the mailbox is passed over")
  func nonsense() async throws {
    try await scene { scene in
      for text in ["", "x", "{}", "[]", #"{"body": "e30=", "properties": {"body_encoding": "base64"}}"#] {
        try await scene.client.client.send(RESPCommand("PUBLISH", .text(scene.client.names.mailbox), .text(text)))
        try await scene.client.client.send(
          RESPCommand("PUBLISH", .text(scene.client.names.event("worker.heartbeat")), .text(text)))
      }
      #expect(try await scene.client.ask("ping")["ok"]?.stringValue == "pong")
      #expect(try await scene.client.ask("nosuch")["error"]?.stringValue == "KeyError('nosuch')")
    }
  }

  // MARK: Revocations

  @Test(
    "A task that waits ends when it is revoked, one that runs goes on, and one nobody knows is noted for its client")
  func revoke() async throws {
    try await scene { scene in
      let eta = SystemTime().now + .seconds(3600)
      let waiting = TaskMessage(id: TaskID(stored: "waiting"), task: "wapp.add", queue: "celery", eta: eta)
      let running = TaskMessage(id: TaskID(stored: "running"), task: "wapp.add", queue: "celery")
      _ = try await scene.store.submit([Submission(waiting), Submission(running)])
      #expect(try await scene.store.fetch(FetchRequest(queues: ["celery"], limit: 1, worker: "w")).count == 1)

      let scheduled = try await scene.client.ask("scheduled")
      #expect(scheduled.elements()?.compactMap { $0["request"]?["id"]?.stringValue } == ["waiting"])
      let states = try await scene.client.ask("query_task", #"{"ids": ["waiting", "nope"]}"#)
      #expect(states["waiting"]?.elements()?.first?.stringValue == "scheduled")

      let answer = try await scene.client.ask("revoke", #"{"task_id": ["waiting", "running", "unknown"]}"#)
      #expect(answer["ok"]?.stringValue == "tasks {'waiting', 'running', 'unknown'} flagged as revoked")
      let records = try await scene.store.records(["waiting", "running"].map { TaskKey(TaskID(stored: $0)) })
      #expect(records.map { $0.record?.state } == [.revoked, .started])
      let meta = try #require(try await scene.client.text("celery-task-meta-unknown"))
      let result = try #require(ResultMeta(try RawJSON(validating: meta)))
      #expect(result.status == "REVOKED")
      #expect(result.failure?.type == "TaskRevokedError")
      #expect(try await scene.client.next("task-revoked").event["uuid"]?.stringValue == "waiting")
      let revoked = try await scene.client.ask("revoked")
      #expect(revoked.elements()?.compactMap(\.stringValue) == ["waiting", "running", "unknown"])
      let all = ["waiting", "unknown"].map { Revocation.task(TaskKey(TaskID(stored: $0))) }
      #expect(try await scene.store.revoked(among: all, tenant: .default) == Set(all))
    }
  }

  @Test("A result that is known is not overwritten by a revocation")
  func known() async throws {
    try await scene { scene in
      let key = "\(scene.client.names.prefix)celery-task-meta-done"
      try await scene.client.client.send(RESPCommand("SET", .text(key), #"{"status": "SUCCESS", "task_id": "done"}"#))
      _ = try await scene.client.ask("revoke", #"{"task_id": "done"}"#)
      #expect(try await scene.client.text("celery-task-meta-done")?.contains("SUCCESS") == true)
    }
  }

  @Test("A task that is terminated is ended here, and its end names the signal")
  func terminate() async throws {
    try await scene { scene in
      scene.desk.hold(Self.message("t1"))
      let answer = try await scene.client.ask("revoke", #"{"task_id": "t1", "terminate": true, "signal": "SIGKILL"}"#)
      #expect(answer["ok"]?.stringValue == "terminate: t1")
      #expect(scene.desk.told == ["terminate t1"])
      scene.outbox.note(.ended(.revoked(reason: .terminated), ran: .seconds(1)), of: Self.message("t1"))
      let heard = try await scene.client.next("task-revoked")
      #expect(heard.event["signum"]?.int64Value == 9)
      #expect(heard.event["terminated"]?.boolValue == true)
    }
  }

  @Test("Another worker's revocations are learned when it says hello")
  func hello() async throws {
    try await scene { scene in
      let answer = try await scene.client.ask("hello", #"{"from_node": "py@host", "revoked": ["x"]}"#)
      #expect(answer["revoked"]?.elements()?.compactMap(\.stringValue) == ["x"])
      #expect((answer["clock"]?.int64Value ?? 0) > 0)
      let revocation = Revocation.task(TaskKey(TaskID(stored: "x")))
      #expect(try await scene.store.revoked(among: [revocation], tenant: .default) == [revocation])
    }
  }

  @Test("A worker of Celery's is listed with what it answers when asked, and is ordered about in its own words")
  func pythonWorker() async throws {
    let stand = Stand()
    let store = try await stand.open(SystemTime()) { $0.hearsPeers = true }
    let client = await CeleryClient(store)
    // A peer of ours plays the part: only its heartbeats say whose it is.
    let (desk, outbox) = (FakeDesk(), EventOutbox())
    let peer = CeleryPeer(
      CeleryPeerConfiguration(name: "w1@host1", version: "5.7.0"), store: store, outbox: outbox, desk: desk)
    let running = Task { await peer.run() }
    _ = try await client.next("worker-heartbeat")
    let beat = #"{"type": "worker-heartbeat", "hostname": "w1@host1", "pid": 9, "freq": 100, "sw_ident": "py-celery"}"#
    let envelope = TransientEnvelope(
      try RawJSON(validating: beat), headers: [], exchange: "celeryev", routingKey: "worker.heartbeat")
    try await client.client.send(
      RESPCommand(
        "PUBLISH", .text(client.names.event("worker.heartbeat")),
        .bytes(ByteBuffer(bytes: envelope.bytes(deliveryTag: "t")))))
    var worker: WorkerInfo?
    while worker?.concurrency != 2 {
      worker = try await store.workers().first
      await Task.yield()
    }
    #expect(worker?.queues == ["celery"])
    #expect(worker?.tasks == ["wapp.add"])
    #expect(try await store.order(.scale(5), worker: "w1@host1"))
    #expect(try await store.order(.stop, worker: "w1@host1"))
    #expect(try await store.order(.stop, worker: "nobody") == false)
    await #expect(throws: EngineError.self) { try await store.order(.quiet, worker: "w1@host1") }
    _ = try await client.ask("ping")
    #expect(desk.told == ["scale 5", "stop"])
    running.cancel()
    await running.value
    await client.close()
    await stand.close()
  }

  // MARK: Elections

  @Test("It stands for an election, acknowledges candidates, and sends the task when it has won")
  func election() async throws {
    try await scene { scene in
      let action = #"{"task": "wapp.add", "args": [1, 2], "kwargs": {}, "options": {"task_id": "elected"}}"#
      let hints = scene.store.hints()
      _ = try await scene.client.ask("election", #"{"id": "e1", "topic": "task", "action": \#(action)}"#)
      let candidate = try await scene.client.next("worker-elect")
      #expect(candidate.event["id"]?.stringValue == "e1")
      #expect(candidate.event["cver"]?.int64Value == 1)
      #expect(try await scene.client.next("worker-elect-ack").event["id"]?.stringValue == "e1")
      // Alone among the living it wins once it has heard its own acknowledgement.
      for await _ in hints {
        if try await scene.store.records([TaskKey(TaskID(stored: "elected"))])[0].record != nil { return }
      }
    }
  }
}

@Suite("Python's workers as they are heard", .timeLimit(.minutes(1)))
struct PeerRosterTests {
  private static func event(_ text: String) throws -> HeardEvent {
    try #require(HeardEvent(try RawJSON(validating: text)))
  }

  private static func beat(_ more: String = "", pid: Int = 7, at seconds: Int = 100) throws -> HeardEvent {
    try event(
      """
      {"type": "worker-heartbeat", "hostname": "py@h", "pid": \(pid), "freq": 2.0, "timestamp": \(seconds), \
      "sw_ident": "py-celery", "sw_ver": "5.7.0"\(more)}
      """)
  }

  @Test("A worker is there from its first beat until two were missed, and keeps what asked-for beats do not tell")
  func life() throws {
    var roster = PeerRoster()
    roster.hear(try Self.beat(#", "active": 2, "processed": 9"#), at: .seconds(1))
    roster.hear(try Self.beat(at: 101), at: .seconds(2))
    let worker = try #require(roster.alive(at: .seconds(5)).first)
    #expect(worker.name == "py@h")
    #expect(worker.running == 2)
    #expect(worker.processed == 9)
    #expect(worker.startedAt == 100_000_000)
    #expect(roster.alive(at: .seconds(6)).isEmpty)
  }

  @Test("A new worker is asked until it has answered or was silent for long, and tells what it does")
  func questions() throws {
    var roster = PeerRoster()
    let now = Duration.seconds(1)
    roster.hear(try Self.beat(), at: now)
    #expect(roster.strangers(at: now) == ["py@h"])
    roster.learn([:], asked: ["py@h"])
    #expect(roster.strangers(at: now) == ["py@h"])
    let answers = PeerInterview.Answers(queues: ["celery"], tasks: ["a"], concurrency: 4)
    roster.learn(["py@h": answers, "nobody": answers], asked: ["py@h", "nobody"])
    #expect(roster.strangers(at: now) == [])
    roster.hear(try Self.beat(), at: now)
    #expect(roster.alive(at: now).map(\.concurrency) == [4])
    roster.hear(try Self.beat(pid: 8), at: now)
    for _ in 0..<10 {
      #expect(roster.strangers(at: now) == ["py@h"])
      roster.learn([:], asked: ["py@h"])
    }
    #expect(roster.strangers(at: now) == [])
    #expect(roster.alive(at: now).map(\.concurrency) == [0])
  }

  @Test("One that says that it goes is gone, one that starts anew is another, and our own are not among them")
  func others() throws {
    var roster = PeerRoster()
    roster.hear(try Self.beat(), at: .seconds(1))
    roster.hear(try Self.beat(pid: 8, at: 103), at: .seconds(3))
    #expect(roster.alive(at: .seconds(4)).map(\.startedAt) == [103_000_000])
    roster.hear(try Self.event(#"{"type": "worker-offline", "hostname": "py@h"}"#), at: .seconds(4))
    roster.hear(
      try Self.event(#"{"type": "worker-heartbeat", "hostname": "own@h", "freq": 2, "sw_ident": "celerity"}"#),
      at: .seconds(4))
    #expect(roster.alive(at: .seconds(4)).isEmpty)
  }
}

@Suite("The newest names")
struct RecentNamesTests {
  @Test("Each once, the oldest go, those that are taken out leave no trace")
  func names() {
    var names = RecentNames(capacity: 3)
    let added = ["a", "b", "a", "c"].map { names.insert($0) }
    #expect(added == [true, true, false, true])
    names.remove("b")
    for name in ["d", "e"] { names.insert(name) }
    #expect(names.names == ["c", "d", "e"])
    for number in 0..<1000 {
      names.insert("\(number)")
      names.remove("\(number - 1)")
    }
    #expect(names.names.last == "999")
    #expect(names.contains("999"))
    #expect(!names.contains("998"))
    #expect(names.names.count <= 3)
  }
}
