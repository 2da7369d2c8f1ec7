import CelerityCore
import CelerityJSON
import CelerityTesting
import Testing

@Suite struct TaskFilterTests {
  /// 2026-03-10T12:00:00Z.
  static let now = Timestamp(seconds: 1_773_144_000)

  /// A failed task that has a bit of everything.
  static let record: TaskRecord = {
    var message = TaskMessage(
      id: TaskID(stored: "schedule:nightly:17"), task: "finance.calculate_var", queue: "finance",
      args: RawJSON(unchecked: Array(#"["EUR", 17, 2.50, null, [1, "two"], {"deep": {"er": true}}]"#.utf8)),
      kwargs: RawJSON(
        unchecked: Array(
          #"{"name": "Gr\u00fc\u00dfe \"x\"", "amount": 1000, "big": 9007199254740993, "Case": "A", "b": false, "day": "2026-02-03", "a.b": 1}"#
            .utf8)),
      priority: Priority(7))
    message.extras.tags = ["nightly", "risk desk"]
    var record = TaskRecord(accepting: message, at: now + .seconds(-7200))
    record.state = .failure
    record.phase = .finished
    record.attempts = 3
    record.worker = "celery@host-1"
    record.reason = "poison"
    record.started = now + .seconds(-3600)
    record.finished = now + .seconds(-60)
    record.failure = TaskFailure(type: "ValueError", message: "Division by ZERO (<b>)")
    record.result = RawJSON(unchecked: Array(#"{"total": -1.5e3}"#.utf8))
    return record
  }()

  private func matches(_ text: String, _ record: TaskRecord = record) throws -> Bool {
    try TaskFilter(text, time: TestTime(now: Self.now)).matches(record)
  }

  static let wanted = [
    "state:FAILURE", "state:failure", "STATE:Failure", "state:retry,failure", "-state:success", "NOT state:success",
    "task:finance.calculate_var", "name:finance.calculate_var", "task:finance.*", "task:*var", "task:f*e*var", "task:*",
    "task:\"finance.calculate_var\"", "queue:finance", "queue:f*", "worker:celery@host-1", "worker:*@host-*",
    "tag:nightly", "tag:\"risk desk\"", "tag:risk*", "tag:* tag:*desk", "id:schedule:nightly:17", "id:schedule:*",
    "reason:poison", "reason:*", "-reason:expired",
    "error:valueerror", "error:\"division by zero\"", "error:value*zero", "error:<b>", "error:\"VALUEERROR: div\"",
    "error:*",
    "priority:7", "priority:=7", "priority:>=7", "priority:<=7", "priority:>6", "priority:<8", "attempts:3",
    "attempts:>1",
    "attempts:>-5",
    "created:2026-03-10", "created:>=2026-03-10", "created:<=2026-03-10", "created:>2026-03-09", "created:<2026-03-11",
    "created:2026-03-10T10:00:00Z", "created:2026-03-10T12:00:00+02:00", "created:>=2026-03-10T10:00:00Z",
    "created:<=2026-03-10T10:00:00Z", "created:<2026-03-10T10:00:00.000001Z", "created:>2026-03-10T09:59:59.999999Z",
    "created:<3h", "created:<=2h", "created:>=2h", "created:>1h59m59s", "created:<1w", "created:<1d", "finished:<2m",
    "started:>30m finished:<30m",
    "args.0:EUR", "args.0:E*", "args.1:17", "args.1:17.0", "args.1:>16", "args.1:<=17", "args.2:2.5", "args.2:25e-1",
    "args.3:null", "args.3:*", "args.4:1", "args.4:two", "args.4.1:two", "args.5.deep.er:true", "args.5:*", "args:EUR",
    "args.1:1*", "kwargs.amount:1000", "kwargs.amount:>=1e3", "kwargs.b:false", "kwargs.Case:A", "KWARGS.Case:A",
    "kwargs.day:>2026-01-31", "kwargs.day:<2026-02-04", "kwargs.name:Grüße*", "kwargs.name:\"Grüße \\\"x\\\"\"",
    "kwargs.big:9007199254740993", "result.total:-1500", "result.total:<0", "result:*", "-kwargs.none:*",
    "zero", "ZERO", "\"by zero\"", "finance", "17", "eur", "\"EUR\"", "grüße",
    "GRÜßE", "\"grüße \\\"x\"", "calc*var", "div*zero", "1000", "amount",
    "a OR zero", "zero OR a", "(a OR zero) eur", "zero -\"nothing here\"", "NOT (xx eur) eur", "zero AND eur", "--zero",
    "-(-zero)", "state:failure (queue:a OR queue:finance) priority:>5 -tag:x",
    "eur AND zero OR nothing", "nothing OR eur zero", "\"OR\" OR eur", "\"division by ZERO (<b>)\"",
  ]

  @Test(arguments: wanted)
  func `A task that fits is wanted`(_ text: String) throws {
    #expect(try matches(text))
    #expect(try !matches("-(\(text))"))
  }

  @Test(arguments: ["", "  ", "\t\n"])
  func `An empty filter wants everything`(_ text: String) throws {
    #expect(try matches(text))
  }

  static let unwanted = [
    "state:success", "state:success,retry", "task:finance", "task:Finance.calculate_var", "task:finance*x",
    "task:\"finance.*\"",
    "task:*calc", "task:fin*inance.calculate_var", "queue:finance2", "queue:inance", "worker:celery", "tag:night",
    "tag:risk",
    "tag:\"risk*\"", "id:schedule", "reason:expired", "error:\"value*zero\"", "error:timeout", "error:\"by  zero\"",
    "priority:6", "priority:>7", "priority:<7", "attempts:<3", "attempts:>3",
    "created:2026-03-09", "created:>2026-03-10", "created:<2026-03-10", "created:>2026-03-10T10:00:00Z",
    "created:<2026-03-10T10:00:00Z", "created:<2h", "created:>2h", "created:<1h", "finished:>2m",
    "args.0:eur", "args.0:17", "args.0:\"17\"", "args.1:\"17\"", "args.9:*", "args.-1:*", "args.x:*", "args.0.0:*",
    "args.3:\"null\"", "args.4:2", "args.5:true", "args.5:deep", "kwargs.amount:>1000", "kwargs.amount:1000*0",
    "kwargs.case:A",
    "kwargs.b:0", "kwargs.b:<1", "kwargs.name:<5", "kwargs.a.b:1", "kwargs.big:9007199254740992", "kwargs.none:x",
    "kwargs:EUR", "result.total:>0", "result:<0",
    "nothing", "u00fc", "\"calc*var\"", "zero*division", "xx OR yy", "zero nothing", "-zero", "NOT zero",
    "-(zero OR a)",
    "eur AND nothing OR nothing", "eur (nothing OR none)", "\"\\\\u00fc\"",
  ]

  @Test(arguments: unwanted)
  func `A task that does not fit is not wanted`(_ text: String) throws {
    #expect(try !matches(text))
    #expect(try matches("-(\(text))"))
  }

  @Test func `What simply failed is found as failed, and what has a reason of its own is not`() throws {
    var failed = TaskRecord(accepting: TaskMessage(id: TaskID(stored: "a"), task: "t"), at: Self.now)
    failed.state = .failure
    #expect(failed.endReason == "failed")
    #expect(try matches("reason:failed reason:* -reason:poison", failed))
    #expect(try matches("-reason:failed"))
    failed.state = .revoked
    #expect(try !matches("reason:failed", failed))
  }

  @Test func `What a task has not got is neither equal nor more nor less`() throws {
    let bare = TaskRecord(accepting: TaskMessage(id: TaskID(stored: "a"), task: "t"), at: Self.now)
    for text in [
      "worker:*", "tag:*", "reason:*", "error:*", "started:<1h", "started:>1h", "finished:<1h", "result:*",
      "result:null",
      "args.0:*", "kwargs.a:*",
    ] {
      #expect(try !matches(text, bare), "\(text)")
    }
    #expect(try matches("args:* kwargs:* priority:5", bare))
  }

  @Test func `Words are searched in the beginning of long arguments, also where a character is cut`() throws {
    func record(_ text: String) -> TaskRecord {
      let args = RawJSON.array([.string(text)])
      return TaskRecord(accepting: TaskMessage(id: TaskID(stored: "a"), task: "t", args: args), at: Self.now)
    }
    let filler = String(repeating: "x", count: TaskFilter.searchedText - 20)
    #expect(try matches("needle", record(filler + "Needle")))
    #expect(try !matches("needle", record(filler + String(repeating: "y", count: 20) + "Needle")))
    #expect(try matches("xyz", record("xyz" + String(repeating: "\u{1F600}", count: 200_000))))
    #expect(try matches("args.0:*Needle", record(filler + filler + "Needle")))
  }

  @Test(.timeLimit(.minutes(1)))
  func `Patterns made to be slow are not`() throws {
    let args = RawJSON.array([.string(String(repeating: "a", count: 1 << 20))])
    let record = TaskRecord(accepting: TaskMessage(id: TaskID(stored: "a"), task: "t", args: args), at: Self.now)
    let slow = String(repeating: "a", count: 200) + "b"
    #expect(try !matches(slow, record))
    #expect(try !matches(String(repeating: "a*", count: 400) + "b", record))
    #expect(try !matches("args.0:" + String(repeating: "*a", count: 400) + "b", record))
    #expect(try !matches((0..<50).map { "\(slow.prefix(13))\($0)" }.joined(separator: " OR "), record))
  }

  @Test(arguments: [
    ("state:success,failure task:a queue:b id:c", "state:FAILURE,SUCCESS task:a queue:b id:c"),
    ("name:a  AND(b)", "task:a b"), ("a OR (b OR c) d", "a OR (b OR c) d"), ("(a b) (c)", "a b c"),
    ("NOT a NOT (b c)", "-a -(b c)"), ("((a OR b)) OR c", "a OR b OR c"), ("priority:=07", "priority:7"),
    (#""a\\" "b\c" "d\"e""#, #""a\\" "b\c" "d\"e""#), ("kwargs.a:==b", "kwargs.a:==b"), ("kwargs.a:=b", "kwargs.a:b"),
    ("kwargs.a:=*", "kwargs.a:*"), ("args:>x", "args:>x"), ("--a", "--a"), (" ", ""),
    ("error:\"x y\"", "error:\"x y\""),
    ("created:>1h", "created:>1h"), ("result.x.1:\"\"", "result.x.1:\"\""),
  ])
  func `A filter is written as it would be read`(_ text: String, _ written: String) throws {
    let time = TestTime(now: Self.now)
    let filter = try TaskFilter(text, time: time)
    #expect(filter.description == written)
    #expect(try TaskFilter(written, time: time) == filter)
  }
}
