import CelerityCore
import CelerityJSON
import CelerityTesting
import Testing

@testable import CelerityGateway

/// What a client sees of effects.
private func seen(_ effects: [StreamEffect]) -> [SeenEvent] {
  var parser = EventStreamParser()
  return parser.append(effects.bytes)
}

private func place(_ effects: [StreamEffect]) -> String {
  var parser = EventStreamParser()
  _ = parser.append(effects.bytes)
  return parser.lastEventID
}

@Suite struct FeedSubscriptionTests {
  @Test("A stream begins with its place, so that a client that sees nothing else can go on from there")
  func opened() {
    var stream = FeedSubscription(after: nil, last: 40)
    let effects = stream.on(.opened)
    #expect(String(decoding: effects.bytes, as: UTF8.self) == ": connected\nretry: 2000\nid: 40\n\n")
    #expect(stream.position == 40)
  }

  @Test("A stream goes on where the client was; zero is everything there is", arguments: [0, 17, 40] as [Int64])
  func resumed(_ place: Int64) {
    var stream = FeedSubscription(after: place, last: 40)
    #expect(stream.position == place)
    #expect(seen(stream.on(.opened)).isEmpty)
  }

  @Test("Events are sent in order and move the place, also past changes that nobody wants")
  func items() {
    var stream = FeedSubscription(after: nil, last: 1)
    _ = stream.on(.opened)
    let effects = stream.on(.read([.make("a", seq: 2), .make("b", seq: 5, .progress)], next: 9, gap: false))
    #expect(seen(effects).map(\.summary) == ["task PENDING", "progress PROGRESS"])
    #expect(seen(effects).map(\.id) == ["2", "5"])
    #expect(stream.position == 9)
    #expect(place(stream.on(.silent)) == "9", "the next sign of life carries the place on")
    #expect(place(stream.on(.silent)) == "", "and the one after it has nothing new to carry")
    #expect(stream.on(.read([], next: 12, gap: false)).isEmpty)
    #expect(place(stream.on(.silent)) == "12")
  }

  @Test("A gap is told once, before what is left, and again when there is a new one")
  func gap() {
    var stream = FeedSubscription(after: 3, last: 40)
    _ = stream.on(.opened)
    let first = seen(stream.on(.read([.make("a", seq: 8)], next: 8, gap: true)))
    #expect(first.map(\.name) == ["gap", "task"])
    #expect(first[0].data == #"{"after":3}"#)
    #expect(seen(stream.on(.read([.make("b", seq: 9)], next: 9, gap: true))).map(\.name) == ["task"])
    #expect(stream.on(.read([], next: 12, gap: false)).isEmpty)
    #expect(seen(stream.on(.read([], next: 14, gap: true))).map(\.data) == [#"{"after":12}"#])
  }

  @Test("A client that has seen more than the store holds is told of a gap and goes on from the end")
  func strayed() {
    var stream = FeedSubscription(after: 900, last: 40)
    #expect(stream.position == 40)
    let effects = stream.on(.opened)
    #expect(seen(effects).map(\.data) == [#"{"after":900}"#])
    #expect(place(effects) == "40")
  }
}

@Suite struct TaskSubscriptionTests {
  private let key = TaskKey(TaskID(stored: "t"))

  private func record(_ state: TaskState, _ phase: TaskPhase, seq: ChangeNumber) -> TaskRecord {
    var record = TaskRecord(accepting: TaskMessage(id: key.id, task: "demo.add"), at: Timestamp(seconds: 0))
    record.state = state
    record.phase = phase
    record.seq = seq
    return record
  }

  private func lines(_ range: ClosedRange<Int64>) -> [TaskLogLine] {
    range.map {
      TaskLogLine(key, number: $0, attempt: 1, time: Timestamp(seconds: 0), level: "info", text: "line \($0)\n2nd")
    }
  }

  @Test("A stream tells the present state and the log so far, then what changes")
  func fromTheBeginning() {
    var stream = TaskSubscription(key, after: nil)
    #expect(seen(stream.on(.opened)).isEmpty)
    let first = seen(stream.on(.looked(record(.started, .leased, seq: 5), lines: lines(1...2))))
    #expect(first.map(\.summary) == ["task STARTED", "log", "log"])
    #expect(first.map(\.id) == ["5", "5.1", "5.2"])
    #expect(first[1].json["text"]?.stringValue == "line 1\n2nd")
    #expect(stream.on(.looked(record(.started, .leased, seq: 5), lines: [])).isEmpty, "nothing new is not told again")
    let second = seen(stream.on(.looked(record(.progress, .leased, seq: 6), lines: lines(3...3))))
    #expect(second.map(\.summary) == ["progress PROGRESS", "log"])
    #expect(second.map(\.id) == ["6.2", "6.3"])
    #expect(!stream.isOver)
  }

  @Test("The log comes before the end, and the end is the last", arguments: [TaskState.success, .failure, .revoked])
  func end(_ state: TaskState) {
    var stream = TaskSubscription(key, after: nil)
    let effects = stream.on(.looked(record(state, .finished, seq: 9), lines: lines(1...2)))
    #expect(seen(effects).map(\.name) == ["log", "log", "task", "end"])
    #expect(seen(effects).last?.data == #"{"id":"t","state":"\#(state.rawValue)"}"#)
    #expect(seen(effects).last?.id == "9.2.end")
    #expect(effects.last == .finish)
    #expect(stream.isOver)
  }

  @Test("A long log is told in parts; the end waits for the last of them")
  func longLog() {
    var stream = TaskSubscription(key, after: nil)
    let all = Int64(TaskSubscription.linesAtOnce)
    let ended = record(.success, .finished, seq: 9)
    #expect(seen(stream.on(.looked(ended, lines: lines(1...all)))).allSatisfy { $0.name == "log" })
    #expect(stream.hasMore && !stream.isOver)
    #expect(seen(stream.on(.looked(ended, lines: lines(all + 1...all + 1)))).map(\.name) == ["log", "task", "end"])
    #expect(stream.isOver)
  }

  @Test("A stream that is resumed tells neither the state nor the lines again")
  func resumed() {
    var stream = TaskSubscription(key, after: StreamPosition(seq: 5, line: 2))
    #expect(stream.on(.looked(record(.started, .leased, seq: 5), lines: [])).isEmpty)
    let next = seen(stream.on(.looked(record(.success, .finished, seq: 9), lines: lines(3...3))))
    #expect(next.map(\.name) == ["log", "task", "end"])
  }

  @Test("A client that saw the state but not the end is told the end")
  func resumedAtTheEnd() {
    var stream = TaskSubscription(key, after: StreamPosition(seq: 9, line: 2))
    #expect(seen(stream.on(.looked(record(.success, .finished, seq: 9), lines: []))).map(\.name) == ["end"])
  }

  @Test("Lines that are gone are a gap for who saw some, and for nobody else")
  func lostLines() {
    let present = record(.started, .leased, seq: 5)
    var fresh = TaskSubscription(key, after: nil)
    #expect(seen(fresh.on(.looked(present, lines: lines(51...52)))).map(\.name) == ["task", "log", "log"])
    #expect(seen(fresh.on(.looked(present, lines: lines(90...90)))).map(\.name) == ["gap", "log"])
    var resumed = TaskSubscription(key, after: StreamPosition(seq: 5))
    let events = seen(resumed.on(.looked(present, lines: lines(51...51))))
    #expect(events.map(\.name) == ["gap", "log"])
    #expect(events[0].data == #"{"after":5,"after_line":0}"#)
  }

  @Test("A client that has seen another store's future is told of a gap and begins anew")
  func strayed() {
    var stream = TaskSubscription(key, after: StreamPosition(seq: 900, line: 7))
    let events = seen(stream.on(.looked(record(.pending, .ready, seq: 5), lines: [])))
    #expect(events.map(\.summary) == ["gap", "task PENDING"])
    #expect(stream.position == StreamPosition(seq: 5))
  }

  @Test("A task that is forgotten while somebody follows it ends the stream with a gap")
  func forgotten() {
    var stream = TaskSubscription(key, after: nil)
    let effects = stream.on(.forgotten)
    #expect(seen(effects).map(\.name) == ["gap"])
    #expect(stream.isOver)
  }
}
