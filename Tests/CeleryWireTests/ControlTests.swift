import CelerityCore
import CelerityJSON
import Testing

@testable import CeleryWire

@Suite("Remote control") struct ControlTests {
  static func json(_ text: String) throws -> RawJSON { try RawJSON(validating: text) }

  static func held(_ id: String, _ args: String, started: Double?) throws -> WorkerReport.Held {
    let message = TaskMessage(
      id: TaskID(stored: id), task: "wapp.sleepy", queue: "celery", args: try json(args))
    return WorkerReport.Held(
      message, started: started.map { Timestamp(microseconds: Int64($0 * 1_000_000)) })
  }

  static func view(_ change: (inout WorkerView) -> Void = { _ in }) throws -> WorkerView {
    let start = Timestamp(seconds: 1_795_224_000)
    let report = WorkerReport(
      name: "w1@host1", hostname: "host1", pid: 31965, version: "0.1.0", startedAt: start, slots: 2,
      queues: ["celery", "other"], load: WorkerLoad(running: 1, processed: 3),
      kinds: [
        WorkerReport.Kind("celery.group"), WorkerReport.Kind("wapp.add", queue: "celery", maxRetries: 3),
        WorkerReport.Kind("wapp.sleepy", queue: "celery", rate: TaskRate(perSecond: 0.1, text: "6/m"), maxRetries: 3),
      ],
      held: [
        try held("e8bd2668-46e7-4f83-bc99-a16c913c56f8", "[2]", started: 1_795_224_063.6572068),
        try held("b450b6ce-dba5-4826-98ef-66e4901b58a7", "[2]", started: nil),
      ])
    var view = WorkerView(
      report: report, now: start + .milliseconds(20_500), clock: 325, totals: ["wapp.add": 2],
      revoked: ["6c0c3161"], settings: [("broker_url", .string("redis://:********@h:6379/0"))],
      broker: BrokerInfo(hostname: "redis-host", port: 6379))
    change(&view)
    return view
  }

  static func answer(
    _ method: String, _ arguments: String = "{}", _ change: (inout WorkerView) -> Void = { _ in }
  ) throws -> ControlAnswer {
    let members = try #require(try json(arguments).members()).map { ($0.name, $0.value) }
    return ControlDesk(try view(change)).answer(ControlRequest(method, members))
  }

  static func text(_ method: String, _ arguments: String = "{}") throws -> String? {
    try answer(method, arguments).reply.map(canonical)
  }

  // MARK: Against what was captured

  @Test("the captured request is read and answered by the captured reply") func request() throws {
    let samples = try Captured.file("control")
    let envelope = try Envelope(try #require(samples[0]["envelope"]).bytes)
    let request = try ControlRequest(envelope)
    #expect(request.method == "ping")
    #expect(request.destination == nil)
    #expect(request.isMeant(for: "anybody"))
    let answer = try #require(ControlDesk(try Self.view()).answer(request).reply)
    let reply = try #require(request.reply(answer, from: "w1@host1", clock: 5))
    let ours = try RawJSON(validating: reply.bytes(deliveryTag: "809c938c-4d8f-486d-8061-7dd9e7a371c2"))
    let theirs = try #require(samples[1]["envelope"])
    for name in ["content-encoding", "content-type", "headers", "properties"] {
      #expect(ours[name].map(canonical) == theirs[name].map(canonical), "\(name)")
    }
    let body = try Envelope(ours.bytes).body
    #expect(canonical(try RawJSON(validating: body)) == "{w1@host1:{ok:'pong}}")
  }

  @Test("answers have the words of a Python worker") func words() throws {
    let same: Set<String> = [
      "time_limit", "pool_shrink 2", "autoscale", "pool_restart", "add_consumer", "cancel_consumer", "revoke",
      "terminate", "revoke_by_stamped_headers", "heartbeat", "election", "ping 2", "nosuch 2", "enable_events 2",
      "rate_limit", "revoke 2", "shutdown 2", "active_queues",
    ]
    for sample in try Captured.file("control").dropFirst(2) {
      let name = try #require(sample["name"]?.stringValue)
      guard same.contains(name) else { continue }
      let arguments = sample["arguments"]?.members() ?? []
      let method = String(name.split(separator: " ")[0])
      let answer = ControlDesk(try Self.view()).answer(
        ControlRequest(method, arguments.map { ($0.name, $0.value) }))
      let theirs = try #require(sample["reply"])
      if method == "shutdown" {
        #expect(answer == ControlAnswer(nil, [.stop]))
      } else if method == "ping", theirs.isNull {
        continue  // it was for another node
      } else if theirs["ok"]?.stringValue?.contains("x-2") == true {
        #expect(answer.reply?["ok"]?.stringValue == "tasks {'x-1', 'x-2'} flagged as revoked")
      } else {
        #expect(answer.reply.map(canonical) == canonical(theirs), "\(name)")
      }
    }
  }

  @Test("tasks are shown with the members of a Python worker's") func tasks() throws {
    let samples = try Captured.file("control")
    for name in ["active", "reserved", "scheduled"] {
      let sample = try #require(samples.first { $0["name"]?.stringValue == name })
      let theirs = try #require(sample["reply"]?.elements()?.first)
      let answer = try Self.answer(name, name == "active" ? #"{"safe": true}"# : "{}") { view in
        view.scheduled = view.report.held.map(\.message)
      }
      let ours = try #require(answer.reply?.elements()?.first)
      #expect(ours.members()?.map(\.name) == theirs.members()?.map(\.name))
      let (mine, other) = (ours["request"] ?? ours, theirs["request"] ?? theirs)
      #expect(mine.members()?.map(\.name) == other.members()?.map(\.name))
      #expect(mine["delivery_info"].map(canonical) == other["delivery_info"].map(canonical))
      #expect(mine["hostname"]?.stringValue == "w1@host1")
    }
    let active = try #require(try Self.answer("active", #"{"safe": true}"#).reply?.elements()?.first)
    #expect(active["args"]?.stringValue == "(2,)")
    #expect(active["time_start"]?.doubleValue == 1_795_224_063.657206)
    #expect(try Self.answer("dump_active").reply?.elements()?.first?["args"]?.description == "[2]")
  }

  @Test("stats have the members of a Python worker's, but for its autoscaler") func stats() throws {
    let sample = try #require(try Captured.file("control").first { $0["name"]?.stringValue == "stats 2" })
    let theirs = try #require(sample["reply"])
    let ours = try #require(try Self.answer("stats").reply)
    #expect(
      ours.members()?.map(\.name) == theirs.members()?.map(\.name).filter { $0 != "autoscaler" })
    for name in ["broker", "rusage"] {
      #expect(ours[name]?.members()?.map(\.name) == theirs[name]?.members()?.map(\.name), "\(name)")
    }
    #expect(ours["total"]?["wapp.add"]?.int64Value == 2)
    #expect(ours["uptime"]?.int64Value == 20)
    #expect(ours["clock"]?.stringValue == "325")
    #expect(ours["pool"]?["max-concurrency"]?.int64Value == 2)
  }

  // MARK: Single commands

  @Test("registered tasks are shown with what is asked of them") func registered() throws {
    #expect(try Self.text("registered") == "['wapp.add,'wapp.sleepy [rate_limit=6/m]]")
    #expect(
      try Self.text("registered", #"{"taskinfoitems": ["serializer", "max_retries", "_x", "nope"]}"#)
        == "['wapp.add [serializer=json max_retries=3],'wapp.sleepy [serializer=json max_retries=3]]")
    #expect(try Self.text("dump_tasks", #"{"builtins": true}"#)?.contains("celery.group") == true)
  }

  @Test("tasks that are asked for are said to be active, reserved or scheduled") func query() throws {
    let answer = try Self.answer(
      "query_task",
      #"{"ids": ["e8bd2668-46e7-4f83-bc99-a16c913c56f8", "b450b6ce-dba5-4826-98ef-66e4901b58a7", "w", "nope"]}"#
    ) { $0.waiting["w"] = $0.report.held[0].message }
    let states = answer.reply?.members()?.map { $0.value.elements()?.first?.stringValue }
    #expect(states == ["active", "reserved", "scheduled"])
    #expect(try Self.text("query_task", #"{"ids": "nope"}"#) == "{}")
  }

  @Test("hello exchanges what is revoked, in both shapes, and is silent to itself") func hello() throws {
    let old = try Self.answer("hello", #"{"from_node": "other@x", "revoked": {"abc": 1.5}}"#)
    #expect(old.reply.map(canonical) == "{revoked:['6c0c3161,'abc],clock:325}")
    #expect(old.actions == [.learnRevoked(["abc"])])
    let new = try Self.answer("hello", #"{"from_node": "other@x", "revoked": ["abc", "6c0c3161"]}"#)
    #expect(new.reply?["revoked"].map(canonical) == "['6c0c3161,'abc]")
    #expect(try Self.text("hello", #"{"from_node": "w1@host1"}"#) == "null")
  }

  @Test("revoking names what is done") func revoke() throws {
    let ids = #""e8bd2668-46e7-4f83-bc99-a16c913c56f8""#
    let plain = try Self.answer("revoke", #"{"task_id": \#(ids), "terminate": 0}"#)
    #expect(plain.actions == [.revoke(["e8bd2668-46e7-4f83-bc99-a16c913c56f8"])])
    for arguments in [
      #"{"task_id": [\#(ids)], "terminate": true, "signal": "SIGKILL"}"#,
      #"{"task_id": \#(ids), "terminate": 1, "signal": "kill"}"#,
      #"{"task_id": \#(ids), "terminate": "1", "signal": 9}"#,
    ] {
      let answer = try Self.answer("revoke", arguments)
      #expect(answer.reply?["ok"]?.stringValue == "terminate: e8bd2668-46e7-4f83-bc99-a16c913c56f8")
      #expect(answer.actions.last == .terminate(["e8bd2668-46e7-4f83-bc99-a16c913c56f8"], signal: 9))
    }
    #expect(try Self.text("terminate", #"{"task_id": "a", "signal": "TERM"}"#) == "{ok:'terminate: tasks unknown}")
    #expect(try Self.text("terminate", #"{"task_id": "a", "signal": "NOPE"}"#)?.contains("AttributeError") == true)
    #expect(try Self.text("revoke", #"{"task_id": []}"#) == "{ok:'tasks set() flagged as revoked}")
  }

  @Test("tasks are revoked by their stamps") func stamps() throws {
    let marked = try Self.answer("revoke_by_stamped_headers", #"{"headers": {"m": ["v1", "v2"]}}"#)
    #expect(
      marked.reply?["ok"]?.stringValue == "headers {'m': ['v1', 'v2']} flagged as revoked, but not terminated")
    #expect(marked.actions == [.revokeStamped(header: "m", values: ["v1", "v2"])])
    let ended = try Self.answer("revoke_by_stamped_headers", #"{"headers": ["m=v1"], "terminate": true}"#) { view in
      view.report.held[0].message.extras.stamps = ["m": .string("v1")]
    }
    #expect(ended.reply?["ok"]?.stringValue == "headers defaultdict(<class 'set'>, {'m': {'v1'}}) revoked")
    #expect(ended.actions.last == .terminate(["e8bd2668-46e7-4f83-bc99-a16c913c56f8"], signal: 15))
    #expect(try Self.text("revoke_by_stamped_headers", #"{"headers": "m"}"#)?.contains("error") == true)
  }

  @Test(
    "rates are read as people write them",
    arguments: [
      ("\"10/m\"", 10.0 / 60), ("100", 100), ("0.5", 0.5), ("\"0.5/s\"", 0.5), ("\"2/h\"", 2.0 / 3600), ("\"\"", nil),
      ("null", nil), ("0", nil), ("\"0\"", nil),
    ] as [(String, Double?)])
  func rates(_ text: String, _ perSecond: Double?) throws {
    let answer = try Self.answer("rate_limit", #"{"task_name": "wapp.add", "rate_limit": \#(text)}"#)
    guard case .limitRate("wapp.add", let rate)? = answer.actions.first else {
      Issue.record("no limit: \(answer)")
      return
    }
    #expect(rate?.perSecond == perSecond)
  }

  @Test("what is no rate, no task or no number is refused") func refused() throws {
    #expect(
      try Self.text("rate_limit", #"{"task_name": "wapp.add", "rate_limit": "x/m"}"#)
        == #"{error:'Invalid rate limit string: ValueError("could not convert string to float: 'x'")}"#)
    #expect(
      try Self.text("rate_limit", #"{"task_name": "wapp.add", "rate_limit": "1/y"}"#)
        == "{error:'Invalid rate limit string: KeyError('y')}")
    #expect(try Self.text("rate_limit", #"{"task_name": "nope", "rate_limit": 1}"#) == "{error:'unknown task}")
    #expect(
      try Self.text("rate_limit", "{}")
        == #"{error:'TypeError("rate_limit() missing 2 required positional arguments: 'task_name' and 'rate_limit'")}"#)
    #expect(try Self.text("pool_grow", #"{"n": "x"}"#)?.contains("TypeError") == true)
    #expect(try Self.answer("pool_grow", #"{"n": "3"}"#).actions == [.scale(to: 5)])
    #expect(try Self.answer("pool_shrink", #"{"n": 1}"#).actions == [.scale(to: 1)])
    #expect(try Self.text("pool_shrink", #"{"n": 2}"#)?.contains("Can't shrink pool") == true)
    #expect(
      try Self.answer("time_limit", #"{"task_name": "wapp.add", "hard": "10", "soft": 5.5}"#).actions
        == [.limitTime(task: "wapp.add", hard: .seconds(10), soft: .milliseconds(5500))])
    #expect(try Self.text("add_consumer", #"{"queue": "a/b"}"#)?.contains("error") == true)
  }

  @Test("events are turned on and off") func events() throws {
    #expect(try Self.text("enable_events") == "{ok:'task events already enabled}")
    #expect(try Self.answer("disable_events").actions == [.sendTaskEvents(false)])
    let off = try Self.answer("enable_events") { $0.sendsTaskEvents = false }
    #expect(off.actions == [.sendTaskEvents(true)])
    #expect(off.reply.map(canonical) == "{ok:'task events enabled}")
  }

  // MARK: Whom it is for

  @Test("a request is for those it names, else for those its pattern fits, else for all") func selection() {
    var request = ControlRequest("ping", destination: ["a@h", "b@h"])
    #expect(request.isMeant(for: "a@h"))
    #expect(!request.isMeant(for: "c@h"))
    request.pattern = "*"
    request.matcher = "glob"
    #expect(!request.isMeant(for: "c@h"))
    request.destination = []
    #expect(request.isMeant(for: "c@h"))
    request.matcher = nil
    request.pattern = "nobody"
    #expect(request.isMeant(for: "c@h"))
  }

  @Test(
    "shell patterns fit whole names",
    arguments: [
      ("w*@h?", "w12@h1", true), ("w*", "x", false), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[", "[", true),
      ("w.1", "wx1", false), ("*", "", true), ("a*b*c", "a__b__c", true), ("a*b*c", "a__b__", false),
      ("[]]", "]", true),
    ])
  func globs(_ pattern: String, _ name: String, _ fits: Bool) {
    #expect(NodePattern(glob: pattern).matchesAll(of: name) == fits)
  }

  @Test(
    "regular expressions fit from the start, as Python's match does",
    arguments: [
      ("w1", "w12@h", true), ("1", "w1", false), (".*@h$", "w1@h", true), (".*@h$", "w1@hh", false),
      ("w[0-9]+@", "w12@h", true),
      ("(?:a|b)+c", "ababc", true), ("(?P<n>x)y", "xy", true), (#"w\d{2}@"#, "w12@", true), (#"w\d{2}@"#, "w1@", false),
      (#"\w+\.\w+"#, "a.b", true), ("a{,2}b", "aab", true), ("^a?$", "", true), ("(a*)*b", "aaac", false),
      ("x{", "x{", true),
    ])
  func expressions(_ pattern: String, _ name: String, _ fits: Bool) throws {
    #expect(try #require(NodePattern(pythonExpression: pattern)).matchesStart(of: name) == fits)
  }

  @Test("what is no expression fits nobody", arguments: ["(", "[", "*", "(?=x)", #"\1"#, "a)", "a{2,1}", #"\"#])
  func noExpression(_ pattern: String) {
    var request = ControlRequest("ping")
    request.pattern = pattern
    request.matcher = "pcre"
    #expect(!request.isMeant(for: "w"))
  }

  @Test("an expression that would take for ever is given up", .timeLimit(.minutes(1))) func evil() throws {
    let pattern = try #require(NodePattern(pythonExpression: "(a+)+(a+)+(a+)+$"))
    #expect(!pattern.matchesStart(of: String(repeating: "a", count: 60) + "b"))
    #expect(
      NodePattern(glob: String(repeating: "*a", count: 200)).matchesAll(of: String(repeating: "a", count: 5000))
        == false)
  }

  // MARK: Anything at all

  @Test("no arguments of any command bring it down") func anything() throws {
    let texts = [
      "null", "true", "0", "-1", "1e300", "99999999999999999999", "\"\"", "\"x\"", "[]", "[null, 1, [\"a\"]]", "{}",
      "{\"a\": {\"b\": null}}",
    ]
    let names = [
      "task_id", "terminate", "signal", "headers", "task_name", "rate_limit", "hard", "soft", "ids", "taskinfoitems",
      "queue", "n", "id", "topic", "action", "from_node", "revoked", "with_defaults", "safe", "max", "min",
    ]
    let methods = [
      "ping", "stats", "active", "reserved", "scheduled", "revoked", "registered", "active_queues", "conf",
      "query_task",
      "report", "clock", "hello", "memsample", "memdump", "objgraph", "revoke", "terminate",
      "revoke_by_stamped_headers", "rate_limit", "time_limit", "enable_events", "disable_events", "heartbeat",
      "election", "pool_grow", "pool_shrink", "pool_restart", "autoscale", "add_consumer", "cancel_consumer",
      "shutdown", "dump_conf", "", "__init__",
    ]
    let desk = ControlDesk(try Self.view())
    let values = try texts.map(Self.json)
    // All names together with every value in turn, then each name alone with each value.
    let crowds = values.indices.map { shift in
      names.enumerated().map { ($1, values[($0 + shift) % values.count]) }
    }
    let singles = names.flatMap { name in values.map { [(name, $0)] } }
    for method in methods {
      for arguments in crowds + singles + [[]] {
        let answer = desk.answer(ControlRequest(method, arguments))
        guard let reply = answer.reply else { continue }
        #expect(throws: Never.self) { try RawJSON(validating: reply.bytes) }
      }
    }
  }

  @Test("bodies that are no commands are faults", arguments: ["null", "[]", "{}", "{\"method\": 1}", "\"x\""])
  func noCommand(_ body: String) throws {
    let bytes = TransientEnvelope(try Self.json(body), headers: [], exchange: "", routingKey: "").bytes(deliveryTag: "")
    let envelope = try Envelope(bytes)
    #expect(throws: WireFault.self) { try ControlRequest(envelope) }
  }
}
