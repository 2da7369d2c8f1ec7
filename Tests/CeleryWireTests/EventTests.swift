import CelerityCore
import CelerityJSON
import Testing

@testable import CeleryWire

@Suite("Celery's events") struct EventTests {
  private static let uuid = "983ce6cf-8b7f-414a-98fa-5bd9f613e4c9"

  private static func message(_ kwargs: String = "{}") throws -> TaskMessage {
    TaskMessage(
      id: TaskID(stored: uuid), task: "wapp.add", queue: "celery", args: try RawJSON(validating: "[2, 3]"),
      kwargs: try RawJSON(validating: kwargs))
  }

  private static let vitals = WorkerVitals(
    load: WorkerLoad(running: 0, processed: 1), loadAverage: [3.95, 3.01, 1.41], software: "py-celery",
    version: "5.7.0", system: "Linux")

  /// One event of each captured kind, with what the captured one says.
  private static func ours() throws -> [CeleryEvent] {
    [
      .taskSent(SentTask(try message())), .taskReceived(ReceivedTask(try message())), .taskStarted(uuid: uuid),
      .taskSucceeded(uuid: uuid, result: "5", runtime: 0.015660121999985677),
      .taskFailed(uuid: uuid, exception: "ValueError('bad')", traceback: "…"),
      .taskRetried(uuid: uuid, exception: "KeyError('again')", traceback: "…"),
      .taskRejected(uuid: uuid, requeue: true),
      .taskRevoked(uuid: uuid, terminated: false, signal: nil, expired: false),
      .workerOnline(vitals), .workerHeartbeat(vitals), .workerOffline(vitals),
      .workerElect(id: "e1", topic: "task", action: .null), .workerElectAck(id: "e1"),
    ]
  }

  @Test("every kind has the members of a captured one, in its order and with its values") func captured() throws {
    let samples = try Captured.file("events")
    let varying: Set<String> = ["timestamp", "clock", "pid", "uuid", "traceback", "loadavg", "processed"]
    #expect(samples.count == 13)
    for sample in samples {
      let name = try #require(sample["name"]?.stringValue)
      let theirs = try #require(sample["event"]?.members())
      let event = try #require(try Self.ours().first { $0.type == name }, "\(name)")
      let hostname = theirs.value("hostname")?.stringValue ?? ""
      let stamped = StampedEvent(
        event, EventStamp(hostname: hostname, pid: 1, clock: 2, timestamp: Timestamp(seconds: 1_795_223_958)))
      let members = try #require(stamped.json.members())
      #expect(members.map(\.name) == theirs.map(\.name), "\(name)")
      for (mine, other) in zip(members, theirs) {
        #expect(mine.value.kind == other.value.kind || varying.contains(mine.name), "\(name).\(mine.name)")
        if !varying.contains(mine.name) {
          #expect(canonical(mine.value) == canonical(other.value), "\(name).\(mine.name)")
        }
      }
    }
  }

  @Test("one travels under its own key, several of tasks as an array") func envelopes() throws {
    let stamp = EventStamp(hostname: "w1@host1", pid: 1, clock: 2, timestamp: Timestamp(seconds: 3))
    for sample in try Captured.file("event-envelopes") {
      let channel = try #require(sample["channel"]?.stringValue)
      let theirs = try #require(sample["envelope"])
      guard channel.hasPrefix("/0.celeryev/worker") || channel.hasSuffix("task.multi") else { continue }
      let event = try #require(try Self.ours().first { "/0.celeryev/\($0.routingKey)" == channel } ?? Self.ours().first)
      let envelope =
        channel.hasSuffix("task.multi")
        ? TransientEnvelope(batch: [StampedEvent(event, stamp)]) : TransientEnvelope(StampedEvent(event, stamp))
      #expect("/0.\(envelope.exchange)/\(envelope.routingKey)" == channel)
      let ours = try RawJSON(validating: envelope.bytes(deliveryTag: "t"))
      #expect(ours.members()?.map(\.name) == theirs.members()?.map(\.name))
      for name in ["content-type", "content-encoding", "headers"] {
        #expect(ours[name].map(canonical) == theirs[name].map(canonical), "\(channel) \(name)")
      }
      let properties = try #require(ours["properties"]?.members())
      #expect(properties.map(\.name) == theirs["properties"]?.members()?.map(\.name))
      for member in properties where member.name != "delivery_tag" {
        #expect(
          canonical(member.value) == theirs["properties"]?[member.name].map(canonical), "\(channel) \(member.name)")
      }
    }
  }

  @Test("what becomes of an attempt is told in Celery's words") func attempts() throws {
    let message = try Self.message()
    func types(_ event: WorkerEvent, signal: Int? = nil) -> [String] {
      CeleryEvent.events(of: event, message, signal: signal).map(\.type)
    }
    let failure = TaskFailure(type: "ValueError", module: "builtins", message: "it's bad")
    #expect(types(.received) == ["task-received"])
    #expect(types(.started(waited: nil)) == ["task-started"])
    #expect(types(.ended(.success(.null), ran: .seconds(1))) == ["task-succeeded"])
    #expect(types(.ended(.ignored, ran: .seconds(1))) == ["task-succeeded"])
    #expect(types(.ended(.retry(after: .zero, failure), ran: nil)) == ["task-retried"])
    #expect(types(.ended(.released(after: .zero, reason: .shutdown), ran: nil)) == [])
    #expect(types(.ended(.rejected(.notRegistered("x")), ran: nil)) == ["task-failed"])
    let rejected = TaskFailure(type: "Reject", module: "celery.exceptions", message: "no")
    #expect(types(.ended(.rejected(rejected), ran: nil)) == ["task-failed", "task-rejected"])
    #expect(
      CeleryEvent.events(of: .ended(.failure(failure), ran: nil), message)
        == [
          .taskFailed(
            uuid: Self.uuid, exception: #"ValueError("it's bad")"#,
            traceback: "Traceback (most recent call last):\nValueError: it's bad\n")
        ])
    #expect(
      CeleryEvent.events(of: .ended(.revoked(reason: .terminated), ran: nil), message, signal: 9)
        == [.taskRevoked(uuid: Self.uuid, terminated: true, signal: 9, expired: false)])
    #expect(
      CeleryEvent.events(of: .ended(.revoked(reason: .expired), ran: nil), message)
        == [.taskRevoked(uuid: Self.uuid, terminated: false, signal: nil, expired: true)])
  }

  @Test("a failure without a traceback gets one in Python's form, unless no code has run") func tracebacks() {
    var failure = TaskFailure(
      type: "MyError", module: "shop", message: "why", causes: [TaskFailure.Cause(type: "A", message: "b")])
    let link = "The above exception was the direct cause of the following exception:"
    #expect(
      PythonTraceback.text(failure) == "Traceback (most recent call last):\nA: b\n\n\(link)\n\nshop.MyError: why\n")
    failure.traceback = "T\n"
    #expect(PythonTraceback.text(failure) == "T\n")
    #expect(PythonTraceback.text(.notRegistered("x")) == nil)
    #expect(PythonTraceback.text(.timeLimitExceeded(1)) == nil)
  }

  @Test("the shadow name and limits of time are shown") func received() throws {
    var message = try Self.message(#"{"z": "a"}"#)
    message.extras.shadow = "shown"
    message.extras.parentID = "p"
    message.eta = Timestamp("2026-11-21T01:18:12.5Z")
    let task = ReceivedTask(message)
    #expect(task.name == "shown")
    #expect(task.kwargs == "{'z': 'a'}")
    let json = StampedEvent(
      .taskReceived(task), EventStamp(hostname: "w", pid: 1, clock: nil, timestamp: Timestamp(seconds: 0))
    ).json
    #expect(json["eta"]?.stringValue == "2026-11-21T01:18:12.500000+00:00")
    #expect(json["parent_id"]?.stringValue == "p")
    #expect(json["clock"]?.isNull == true)
  }

  @Test("the clock only runs forward, and never over its end") func clock() {
    var clock = EventClock(5)
    let next = clock.forward()
    #expect(next == 6)
    clock.adjust(to: 3)
    #expect(clock.value == 7)
    clock.adjust(to: 100)
    #expect(clock.value == 101)
    clock.adjust(to: .max)
    let last = clock.forward()
    #expect(last == .max)
  }

  @Test("heartbeats of Python's workers are heard as workers") func heard() throws {
    for sample in try Captured.file("event-envelopes") {
      let envelope = try Envelope(try #require(sample["envelope"]).bytes)
      let events = HeardEvent.events(in: envelope)
      #expect(events.count == 1)
      guard sample["channel"]?.stringValue == "/0.celeryev/worker.heartbeat" else { continue }
      let worker = try #require(events[0].worker)
      #expect(worker.name == "w1@host1")
      #expect(worker.hostname == "host1")
      #expect(worker.version == "py-celery 5.7.0")
      #expect(worker.processed == 1)
      #expect(events[0].lifetime == .seconds(4))
    }
  }

  @Test(
    "what is no event is not heard",
    arguments: ["null", "[]", "[1, {}]", "{\"type\": 1}", "{\"type\": \"x\", \"hostname\": null}"])
  func garbage(_ text: String) throws {
    let json = try RawJSON(validating: text)
    let bytes = TransientEnvelope(json, headers: [], exchange: "", routingKey: "").bytes(deliveryTag: "")
    #expect(HeardEvent.events(in: try Envelope(bytes)) == [])
    let odd = try RawJSON(
      validating: #"{"type": "worker-heartbeat", "hostname": "w", "freq": 1e300, "active": -1, "pid": 1e99}"#)
    #expect(HeardEvent(odd)?.worker?.running == 0)
    #expect(HeardEvent(odd)?.lifetime == .seconds(7200))
  }

  @Test("the lowest clock wins an election, and the name decides between equals") func election() {
    var book = ElectionBook()
    let action = RawJSON.string("a")
    func vote(_ clock: Int64) -> HeardEvent.Vote { .candidate(id: "e", clock: clock, topic: "task", action: action) }
    let stranger = book.hear(vote(1), from: "x.1")  // nobody stands here
    #expect(!stranger)
    let early = book.acknowledge("e", alive: 1)
    #expect(early == nil)
    let stands = [book.stand(for: "e"), book.stand(for: "e")]
    #expect(stands == [true, false])
    let heard = [book.hear(vote(7), from: "b.1"), book.hear(vote(7), from: "a.2")]
    #expect(heard == [true, true])
    let results = (0..<3).map { _ in book.acknowledge("e", alive: 2) }
    #expect(results == [nil, ElectionBook.Result(winner: "a.2", topic: "task", action: action), nil])
  }

  @Test("elections that nobody ends are forgotten") func manyElections() {
    var book = ElectionBook()
    let stands = (0..<1000).map { book.stand(for: "\($0)") }
    #expect(!stands.contains(false))
    let again = [book.stand(for: "0"), book.stand(for: "999")]
    #expect(again == [true, false])
  }
}
