import CelerityCore
import CelerityCron
import CelerityJSON
import CelerityRoutes
import Testing

@Suite("Schedule definitions")
struct ScheduleDefinitionTests {
  private let now = Timestamp(seconds: 1_795_237_200)  // 2026-11-21T05:00:00Z

  private func json(_ text: String) throws -> RawJSON { try RawJSON(validating: text) }

  private func asked(_ text: String, requiresName: Bool = true) throws -> (
    name: String?, definition: ScheduleDefinition
  ) {
    try ScheduleDefinition.asked(try json(text), requiresName: requiresName, at: now) { $0 == "slow" ? "snail" : nil }
  }

  @Test("What a client asks for is read, with a default for all that it leaves out")
  func reading() throws {
    let (name, definition) = try asked(#"{"name": "a", "schedule": "every 5 minutes", "task": "demo"}"#)
    #expect(name == "a")
    #expect(
      definition.entry(named: "a") == ScheduleEntry("a", .interval(seconds: 300), task: "demo"))
    #expect(definition.source == .api)
    #expect(!definition.isPaused)
    #expect(definition.activeSince == now)
    let (_, full) = try asked(
      #"""
      {"schedule": "0 2 * * 1-5", "timezone": "Europe/Berlin", "task": "slow", "args": [1, 2.50], "kwargs": {"a": null},
       "priority": 9, "paused": true, "queue": null}
      """#, requiresName: false)
    let berlin = try Schedule("0 2 * * 1-5 Europe/Berlin")
    #expect(
      full.entry(named: "b")
        == ScheduleEntry(
          "b", berlin, task: "slow", args: try json("[1, 2.50]"), kwargs: try json(#"{"a": null}"#), queue: "snail",
          priority: Priority(9)))
    #expect(full.isPaused)
  }

  @Test("A zone in the schedule's own text wins over the field")
  func zones() throws {
    let (_, definition) = try asked(
      #"{"schedule": "0 2 * * * Asia/Tokyo", "timezone": "Europe/Berlin", "task": "t"}"#, requiresName: false)
    #expect(definition.schedule == (try Schedule("0 2 * * * Asia/Tokyo")))
  }

  @Test(
    "What can't be used is refused with the field it is in",
    arguments: [
      (#"{}"#, ["/name", "/schedule", "/task"]),
      (#"{"name": 1, "schedule": [], "task": {}}"#, ["/name", "/schedule", "/task"]),
      (#"{"name": "a b", "schedule": "every 5 minutes", "task": "t"}"#, ["/name"]),
      (#"{"name": "", "schedule": "every 5m", "task": "t"}"#, ["/name"]),
      (#"{"name": "ü", "schedule": "every 5m", "task": "t"}"#, ["/name"]),
      (#"{"name": "a/b", "schedule": "every 5m", "task": "t"}"#, ["/name"]),
      (#"{"name": "a", "schedule": "whenever", "task": "t"}"#, ["/schedule"]),
      (#"{"name": "a", "schedule": "", "task": "t"}"#, ["/schedule"]),
      (#"{"name": "a", "schedule": "0 4 30 2 *", "task": "t"}"#, ["/schedule"]),
      (#"{"name": "a", "schedule": "at 2020-01-01T00:00:00Z", "task": "t"}"#, ["/schedule"]),
      (#"{"name": "a", "schedule": "at 2026-11-21T05:00:00Z", "task": "t"}"#, ["/schedule"]),
      (#"{"name": "a", "schedule": "every 5m", "timezone": "Berlin", "task": "t"}"#, ["/timezone"]),
      (#"{"name": "a", "schedule": "every 5m", "task": ""}"#, ["/task"]),
      (#"{"name": "a", "schedule": "every 5m", "task": "t\u0000"}"#, ["/task"]),
      (#"{"name": "a", "schedule": "every 5m", "task": "t", "args": {}, "kwargs": []}"#, ["/args", "/kwargs"]),
      (#"{"name": "a", "schedule": "every 5m", "task": "t", "queue": "a/b"}"#, ["/queue"]),
      (#"{"name": "a", "schedule": "every 5m", "task": "t", "queue": ""}"#, ["/queue"]),
      (#"{"name": "a", "schedule": "every 5m", "task": "t", "priority": 10}"#, ["/priority"]),
      (#"{"name": "a", "schedule": "every 5m", "task": "t", "priority": "high"}"#, ["/priority"]),
      (#"{"name": "a", "schedule": "every 5m", "task": "t", "priority": 1e40}"#, ["/priority"]),
      (#"{"name": "a", "schedule": "every 5m", "task": "t", "paused": 1}"#, ["/paused"]),
      (#"{"name": "a", "schedule": "every 5m", "task": "t", "source": "service:x"}"#, ["/source"]),
      (#"{"name": "a", "schedule": "every 5m", "task": "t", "a/~b": 1}"#, ["/a~1~0b"]),
      (#"[]"#, [""]), (#"null"#, [""]), (#""every 5m""#, [""]),
    ])
  func refused(text: String, pointers: [String]) throws {
    do {
      _ = try asked(text)
      Issue.record("was accepted")
    } catch let error as ScheduleDefinitionError {
      #expect(Set(error.issues.map(\.pointer)) == Set(pointers))
      #expect(RouteError(schedule: error).status == 422)
      #expect(RouteError(schedule: error).issues == error.issues)
    }
  }

  @Test("An error says what to write instead")
  func hints() throws {
    let cases = [
      (#"{"name": "a", "schedule": "0 4 * * mnday", "task": "t"}"#, "did you mean 'Monday'?"),
      (#"{"name": "a", "schedule": "0 0 12 * * *", "task": "t"}"#, "there is no field for seconds"),
      (
        #"{"name": "a", "schedule": "every 5m", "timezone": "Europe/Berln", "task": "t"}"#,
        "did you mean 'Europe/Berlin'?"
      ),
      (#"{"name": "a", "shedule": "every 5m", "task": "t"}"#, "did you mean 'schedule'?"),
    ]
    for (text, hint) in cases {
      let error = #expect(throws: ScheduleDefinitionError.self) { try asked(text) }
      #expect(error.map { "\($0)".contains(hint) } == true, "\(text): \(error.map { "\($0)" } ?? "")")
    }
  }

  @Test("A body of nine thousand unknown members is answered with few issues")
  func hostile() throws {
    let members = (0..<9_000).map { "\"schedul\($0)\": 1" }.joined(separator: ",")
    let error = #expect(throws: ScheduleDefinitionError.self) { try asked("{\(members)}") }
    #expect(error?.issues.count == 50)
  }

  @Test("A definition that was stored comes back as it was")
  func coding() throws {
    let texts = [
      "every 90m", "0 4 * * mon Europe/Berlin", "@daily", "at 2030-01-31T12:00:00Z", "at -99999999999999",
      "*/7 1-5 * * *",
    ]
    for text in texts {
      let entry = ScheduleEntry(
        "a", try Schedule(text), task: "t", args: try json("[1.0, 1e3]"), kwargs: try json(#"{"é":"\u00e9"}"#),
        queue: "q", priority: .high)
      var definition = try ScheduleDefinition(entry, source: .service("demo"), at: now)
      for _ in 0..<2 {
        let document = try definition.document
        #expect(try ScheduleDefinition(document: document) == definition)
        #expect(try RawJSONDecoder().decode(ScheduleDefinition.self, from: document) == definition)
        definition.pause()
      }
    }
    let plain = try ScheduleDefinition(ScheduleEntry("a", .interval(seconds: 5), task: "t"), source: .api, at: now)
    #expect(
      try plain.document.description == #"{"schedule":"every 5s","task":"t","args":[],"kwargs":{},"queue":"default","#
        + #""priority":null,"paused":false,"source":"api","active_since":"2026-11-21T05:00:00.000000Z"}"#)
  }

  @Test("A document of a later version, with members nobody knows here, is read")
  func laterDocument() throws {
    let document = try json(#"{"schedule": "@daily", "task": "t", "jitter": 5}"#)
    let definition = try ScheduleDefinition(document: document)
    #expect(definition.activeSince == Timestamp(microseconds: 0))
    #expect(throws: DecodingError.self) {
      try RawJSONDecoder().decode(ScheduleDefinition.self, from: try json(#"{"schedule": "@daily"}"#))
    }
  }

  @Test(
    "An entry of a service that can't be stored or fired is refused",
    arguments: [
      (ScheduleEntry("", .interval(seconds: 5), task: "t"), ["/name"]),
      (ScheduleEntry(String(repeating: "a", count: 201), .interval(seconds: 5), task: "t"), ["/name"]),
      (ScheduleEntry("a", .interval(seconds: 0), task: "t"), ["/schedule"]),
      (ScheduleEntry("a", .interval(seconds: .max), task: "t"), ["/schedule"]),
      (ScheduleEntry("a", .interval(seconds: 5), task: "", args: .emptyObject), ["/task", "/args"]),
      (ScheduleEntry("a", .interval(seconds: 5), task: "t", kwargs: .null, queue: ""), ["/kwargs", "/queue"]),
    ])
  func badEntry(entry: ScheduleEntry, pointers: [String]) {
    let error = #expect(throws: ScheduleDefinitionError.self) {
      try ScheduleDefinition(entry, source: .service("demo"), at: now)
    }
    #expect(error?.issues.map(\.pointer) == pointers)
  }

  @Test("Names may hold letters, digits, dots, colons, dashes and underscores")
  func names() {
    for name in ["a", "A-Z_0.9:x", String(repeating: "x", count: 200), "celery.backend_cleanup"] {
      #expect(ScheduleDefinition.isLegal(name: name))
    }
    for name in ["", "a b", "a/b", "a\u{0}", "a@b", "[", "`", "{", "é", "a\n"] {
      #expect(!ScheduleDefinition.isLegal(name: name))
    }
  }

  @Test("Resuming moves the moment from which slots count; so does another schedule, but not other arguments")
  func changes() throws {
    let later = now + .seconds(100)
    var definition = try ScheduleDefinition(ScheduleEntry("a", .interval(seconds: 5), task: "t"), source: .api, at: now)
    definition.resume(at: later)
    #expect(definition.activeSince == now)  // it was not paused
    let old = definition
    definition.pause()
    #expect(definition.activeSince == now)
    definition.resume(at: later)
    #expect(definition.activeSince == later)
    #expect(!definition.isPaused)
    let other = try ScheduleDefinition(ScheduleEntry("a", .interval(seconds: 5), task: "u"), source: .api, at: later)
    #expect(other.replacing(old, keepingPause: true).activeSince == now)
    let slower = try ScheduleDefinition(ScheduleEntry("a", .interval(seconds: 9), task: "t"), source: .api, at: later)
    #expect(slower.replacing(old, keepingPause: true).activeSince == later)
    var paused = old
    paused.pause()
    #expect(other.replacing(paused, keepingPause: true).isPaused)
    #expect(!other.replacing(paused, keepingPause: false).isPaused)
    #expect(other.replacing(paused, keepingPause: false).activeSince == later)  // it is resumed by that
  }

  @Test("The next slot is told before anything has fired, and from what is remembered afterwards")
  func next() throws {
    var definition = try ScheduleDefinition(
      ScheduleEntry("a", .interval(seconds: 600), task: "t"), source: .api, at: now)
    let soon = now + .seconds(30)
    #expect(definition.next(after: soon, nil) == now + .seconds(600))
    var machine = PeriodicMachine(.interval(seconds: 600), since: now.wholeSeconds - 50, seen: now.wholeSeconds)
    #expect(definition.next(after: soon, machine) == now + .seconds(550))
    machine.fired(now.wholeSeconds + 550)
    #expect(definition.next(after: soon, machine) == now + .seconds(1150))
    let other = PeriodicMachine(.interval(seconds: 7), since: now.wholeSeconds, seen: now.wholeSeconds)
    #expect(definition.next(after: soon, other) == now + .seconds(600))
    definition.pause()
    #expect(definition.next(after: soon, machine) == nil)
  }

  @Test("Sources are read as they are written", arguments: ["api", "service:finance", "service:a:b"])
  func sources(text: String) {
    #expect(ScheduleDefinition.Source(text)?.description == text)
  }

  @Test("Other sources are refused", arguments: ["", "service:", "API", "service", "user"])
  func badSources(text: String) {
    #expect(ScheduleDefinition.Source(text) == nil)
  }
}
