import CelerityCore
import CelerityJSON
import Testing

@testable import CelerityApp

@Suite struct TopKeyTests {
  @Test(arguments: [
    ("j", [TopKey.character("j")]), ("\u{1B}[A", [.up]), ("\u{1B}OB", [.down]),
    ("\u{1B}[5~\u{1B}[6~", [.pageUp, .pageDown]),
    ("\u{1B}", [.escape]), ("\r", [.enter]), ("\t", [.tab]), ("\u{7F}", [.backspace]), ("\u{3}", [.interrupt]),
    ("\u{1A}", [.suspend]), ("ä", [.character("ä")]), ("\u{1B}[1;5Cq", [.character("q")]), ("\u{1B}[200~", []),
    ("", []),
    ("\u{1B}[", []), ("\u{1B}x", []), ("\u{0}", []),
  ]) func whatATerminalSendsIsReadAsKeys(text: String, keys: [TopKey]) {
    #expect(TopKey.keys(in: Array(text.utf8)) == keys)
  }

  @Test func brokenUTF8IsNoKeyThatCouldHurt() {
    let keys = TopKey.keys(in: [0xFF, 0xC3, 0x28, 0x80])
    #expect(keys.allSatisfy { if case .character = $0 { true } else { false } })
  }
}

@Suite struct TopStateTests {
  static func snapshot(at seconds: Int64, processed: Int64 = 0, tasks: [String] = ["a", "b", "c"]) -> TopSnapshot {
    TopSnapshot(
      queues: [
        json(#"{"name":"default","ready":3,"delayed":1,"running":2,"paused":false,"oldest_ready_at":null}"#),
        json(#"{"name":"slow","ready":0,"delayed":0,"running":0,"paused":true,"oldest_ready_at":null}"#),
      ],
      workers: [json(#"{"name":"w@h","running":2,"concurrency":4,"processed":\#(processed),"queues":["default"]}"#)],
      tasks: tasks.map {
        json(
          #"{"id":"\#($0)","task":"mail.send","state":"STARTED","queue":"default","created_at":"2030-01-01T00:00:00Z"}"#
        )
      }, time: Timestamp(microseconds: seconds * 1_000_000))
  }

  private static func json(_ text: String) -> RawJSON { RawJSON(unchecked: Array(text.utf8)) }

  private func state() -> TopState {
    var state = TopState()
    state.on(Self.snapshot(at: 1))
    return state
  }

  @Test func theSelectionStaysOnItsRowWhileOthersComeAndGo() {
    var state = state()
    #expect(state.on(.character("j")) == nil)
    #expect(state.selection(.tasks) == 1)
    state.on(Self.snapshot(at: 2, tasks: ["x", "y", "a", "b"]))
    #expect(state.selection(.tasks) == 3)
    state.on(Self.snapshot(at: 3, tasks: ["x"]))
    #expect(state.selection(.tasks) == 0)
    state.on(Self.snapshot(at: 4, tasks: []))
    #expect(state.selection(.tasks) == nil)
  }

  @Test func queuesWithWorkComeFirst() {
    let names = [("a", 0, 0), ("b", 1, 0), ("c", 0, 0), ("d", 0, 2)].map { name, ready, running in
      Self.json(#"{"name":"\#(name)","ready":\#(ready),"delayed":0,"running":\#(running)}"#)
    }
    #expect(TopSnapshot.busyFirst(names).map { $0.text("name") } == ["b", "d", "a", "c"])
  }

  @Test func theFirstRowToo() {
    var state = state()
    state.on(Self.snapshot(at: 2, tasks: ["x", "a", "b"]))
    #expect(state.selection(.tasks) == 1)
    state.on(Self.snapshot(at: 3, tasks: ["y", "z"]))
    state.on(Self.snapshot(at: 4, tasks: ["new", "y", "z"]))
    #expect(state.selection(.tasks) == 1)
  }

  @Test func theHeaderDropsItsLeastImportantPartsFirst() {
    let parts: [(rank: Int, text: String?)] = [(2, "celerity top"), (0, "2 running"), (1, "3 ready"), (1, nil)]
    #expect(TopScreen.fitting(parts, 40) == "celerity top   2 running   3 ready")
    #expect(TopScreen.fitting(parts, 33) == "2 running   3 ready")
    #expect(TopScreen.fitting(parts, 5) == "2 running")
  }

  @Test func movingStopsAtBothEnds() {
    var state = state()
    for key in [TopKey.up, .character("k"), .home, .pageUp] { _ = state.on(key) }
    #expect(state.selection(.tasks) == 0)
    for key in [TopKey.end, .down, .pageDown, .character("G")] { _ = state.on(key) }
    #expect(state.selection(.tasks) == 2)
  }

  @Test func cancellingAsksFirstAndOnlyYesDoesIt() {
    var state = state()
    #expect(state.on(.character("c")) == nil)
    #expect(state.on(.character("n")) == nil)
    #expect(state.on(.character("c")) == nil)
    #expect(state.on(.character("y")) == .act(path: "/v1/tasks/a:cancel", done: "a cancelled, or asked to stop"))
  }

  @Test func aPausedQueueIsResumedAndAnotherPaused() {
    var state = state()
    _ = state.on(.character("p"))
    #expect(state.notice?.isError == true)
    _ = state.on(.tab)
    _ = state.on(.character("p"))
    #expect(state.on(.character("y")) == .act(path: "/v1/queues/default:pause", done: "queue default: paused"))
    _ = state.on(.down)
    _ = state.on(.character("p"))
    #expect(state.on(.character("y")) == .act(path: "/v1/queues/slow:resume", done: "queue slow: resumed"))
  }

  @Test func aSearchIsTypedTakenBackAndSent() {
    var state = state()
    for key in [TopKey.character("/"), .character("q"), .character("j"), .backspace] { #expect(state.on(key) == nil) }
    #expect(state.mode == .typing("q"))
    #expect(state.on(.escape) == nil)
    #expect(state.filter == "")
    _ = state.on(.character("/"))
    _ = state.on(.character("x"))
    #expect(state.on(.enter) == .refresh)
    #expect(state.filter == "x")
  }

  @Test func qAndInterruptQuitButNotFromWithinATask() {
    var state = state()
    #expect(state.on(.enter) == .open(task: "a"))
    state.open(TopDetail(task: Self.snapshot(at: 1).tasks[0]))
    #expect(state.on(.character("q")) == nil)
    #expect(state.mode == .list)
    #expect(state.on(.character("q")) == .quit)
    #expect(state.on(.interrupt) == .quit)
  }

  @Test func throughputIsWhatWorkersCountedBetweenTwoLooks() {
    var state = TopState()
    state.on(Self.snapshot(at: 10, processed: 100))
    state.on(Self.snapshot(at: 12, processed: 130))
    #expect(state.processedPerSecond == 15)
    // A worker that began anew counts from zero.
    state.on(Self.snapshot(at: 14, processed: 1))
    #expect(state.processedPerSecond == 15)
  }
}

@Suite struct TopScreenTests {
  private func lines(_ state: TopState, _ width: Int, _ height: Int, colours: Bool = false) -> [String] {
    TopScreen(state: state, width: width, height: height, colours: colours, address: "http://127.0.0.1:8000").lines()
  }

  @Test(arguments: [(80, 24), (20, 5), (40, 10), (200, 60)]) func everyScreenIsFilledExactlyAndNothingIsTooWide(
    width: Int, height: Int
  ) {
    var states = [TopState()]
    var full = TopState()
    full.on(TopStateTests.snapshot(at: 1, tasks: (0..<100).map { "task-\($0)-with-a-rather-long-identifier" }))
    states.append(full)
    var help = full
    _ = help.on(.character("?"))
    var detail = full
    detail.open(TopDetail(task: TopStateTests.snapshot(at: 1).tasks[0]))
    var asking = full
    _ = asking.on(.character("c"))
    states += [help, detail, asking]
    for state in states {
      let lines = lines(state, width, height)
      #expect(lines.count == height)
      #expect(lines.allSatisfy { TextWidth.of($0) <= width })
    }
  }

  @Test func whatTasksAreCalledCannotMoveTheCursor() {
    var state = TopState()
    var snapshot = TopStateTests.snapshot(at: 1)
    snapshot.tasks = [RawJSON(unchecked: Array(#"{"id":"1","task":"\u001b[2Jevil\r\n","state":"STARTED"}"#.utf8))]
    state.on(snapshot)
    #expect(lines(state, 100, 30).allSatisfy { !$0.contains("\u{1B}") && !$0.contains("\r") })
    state.open(TopDetail(task: snapshot.tasks[0]))
    #expect(lines(state, 100, 30).allSatisfy { !$0.contains("\u{1B}") && !$0.contains("\r") })
  }

  @Test func theSelectedRowStaysInSight() {
    var state = TopState()
    state.on(TopStateTests.snapshot(at: 1, tasks: (0..<100).map { "id-\($0)" }))
    _ = state.on(.end)
    #expect(lines(state, 100, 24).contains { $0.contains("id-99") })
    #expect(!lines(state, 100, 24).contains { $0.contains("id-10 ") })
  }

  @Test func aSelectedRowIsMarkedWithoutColours() {
    var state = TopState()
    state.on(TopStateTests.snapshot(at: 1))
    #expect(lines(state, 100, 30).contains { $0.hasPrefix("  *") })
  }
}
