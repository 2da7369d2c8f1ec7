import CelerityCore
import CelerityJSON

/// Progress of running attempts.
enum ProgressCases {
  static let all = [
    ConformanceCase("Progress moves a running task to PROGRESS and is shown", reported),
    ConformanceCase("Progress under a lost lease is refused, changes nothing and is counted", stale),
    ConformanceCase("Reports are answered in order", inOrder),
    ConformanceCase("A task in PROGRESS ends like any other", ends),
    ConformanceCase("Progress of an unknown task is refused", unknown),
  ]

  private static func report(_ run: ConformanceRun, _ delivery: Delivery, _ value: RawJSON) async throws -> [Bool] {
    try await run.store.report([ProgressReport(delivery.key, token: delivery.lease.token, value: value)])
  }

  static func reported(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    for value in [#"{"current":1}"#, #"{"current":2}"#] {
      try run.equal(try await report(run, delivery, .text(value)), [true], "answer")
      try await run.expectRecord("a", .progress, .leased)
      try run.equal(try await run.record("a").progress, .text(value), "progress")
    }
    try run.equal(try await run.record("a").lease, delivery.lease, "lease")
  }

  static func stale(_ run: ConformanceRun) async throws {
    let first = try await run.start("a")
    try await run.loseLeases()
    let second = try await run.take("a")
    let record = try await run.record("a")
    try run.equal(try await report(run, first, .true), [false], "answer")
    try run.equal(try await run.record("a"), record, "record")
    try run.equal(try await run.store.counters().staleReports, 1, "counted")
    try await run.settle(second, .success(.null))
    try run.equal(try await report(run, second, .true), [false], "answer after the end")
    try await run.expectRecord("a", .success, .finished)
  }

  static func inOrder(_ run: ConformanceRun) async throws {
    let a = try await run.start("a")
    let b = try await run.start("b")
    let answers = try await run.store.report([
      ProgressReport(a.key, token: -1, value: .null), ProgressReport(b.key, token: b.lease.token, value: .true),
      ProgressReport(a.key, token: a.lease.token, value: .false),
    ])
    try run.equal(answers, [false, true, true], "answers")
    try run.equal(try await run.record("a").progress, .false, "progress")
  }

  static func ends(_ run: ConformanceRun) async throws {
    let outcomes: [Outcome] = [.success(.true), .failure(.boom), .retry(after: .zero, .boom)]
    for (number, outcome) in outcomes.enumerated() {
      let delivery = try await run.start("t\(number)")
      _ = try await report(run, delivery, .true)
      try await run.settle(delivery, outcome)
    }
    try await run.take("t2")
  }

  static func unknown(_ run: ConformanceRun) async throws {
    try run.equal(
      try await run.store.report([ProgressReport(TaskKey("none"), token: 1, value: .null)]), [false], "answer")
  }
}

/// Log lines of attempts.
enum LogCases {
  static let all = [
    ConformanceCase("Log lines come back in order with growing numbers", inOrder),
    ConformanceCase("Log lines are read on from a number, in pages", readOn),
    ConformanceCase("A task keeps its newest thousand lines", newestThousand),
    ConformanceCase("A line is cut to 8 KiB between two characters", longLine),
    ConformanceCase("Lines of unknown tasks are dropped", unknown),
    ConformanceCase("Lines of several tasks are kept apart", apart),
  ]

  private static func line(_ run: ConformanceRun, _ id: String, _ text: String, attempt: Int = 1) -> TaskLogLine {
    TaskLogLine(TaskKey(id), attempt: attempt, time: run.now, level: "stdout", text: text)
  }

  static func inOrder(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    try await run.store.append([line(run, "a", "one"), line(run, "a", "two\nü")])
    run.time.advance(by: .seconds(1))
    try await run.store.append([line(run, "a", "three", attempt: 2)])
    let lines = try await run.store.logs(of: TaskKey("a"), after: 0, limit: 100)
    try run.equal(lines.map(\.text), ["one", "two\nü", "three"], "texts")
    try run.equal(lines.map(\.attempt), [1, 1, 2], "attempts")
    try run.equal(lines.map(\.level), ["stdout", "stdout", "stdout"], "levels")
    try run.equal(lines.last?.time, run.now, "time")
    try run.equal(Set(lines.map(\.key)), [TaskKey("a")], "keys")
    let numbers = lines.map(\.number)
    try run.expect(numbers[0] > 0 && numbers[0] < numbers[1] && numbers[1] < numbers[2], "numbers are \(numbers)")
  }

  static func readOn(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    try await run.store.append((0..<10).map { line(run, "a", "\($0)") })
    var number: Int64 = 0
    var texts: [String] = []
    while case let page = try await run.store.logs(of: TaskKey("a"), after: number, limit: 3), let last = page.last {
      try run.expect(page.count <= 3, "a page of \(page.count)")
      texts += page.map(\.text)
      number = last.number
    }
    try run.equal(texts, (0..<10).map(String.init), "texts")
  }

  static func newestThousand(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    try await run.store.append((0..<990).map { line(run, "a", "\($0)") })
    try await run.store.append((990..<1050).map { line(run, "a", "\($0)") })
    let lines = try await run.store.logs(of: TaskKey("a"), after: 0, limit: 5000)
    try run.equal(lines.count, 1000, "lines")
    try run.equal(lines.first?.text, "50", "the oldest")
    try run.equal(lines.last?.text, "1049", "the newest")
  }

  static func longLine(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    let texts = [
      String(repeating: "x", count: 8192), String(repeating: "x", count: 9000), String(repeating: "ü", count: 5000),
      "xy" + String(repeating: "€", count: 3000), "x" + String(repeating: "😀", count: 3000),
    ]
    try await run.store.append(texts.map { line(run, "a", $0) })
    let lines = try await run.store.logs(of: TaskKey("a"), after: 0, limit: 100)
    try run.equal(lines.count, texts.count, "lines")
    for (line, text) in zip(lines, texts) {
      try run.expect(line.text.utf8.count <= 8192, "a line of \(line.text.utf8.count) bytes")
      try run.expect(line.text.utf8.count > 8188, "a line of only \(line.text.utf8.count) bytes")
      try run.expect(text.unicodeScalars.starts(with: line.text.unicodeScalars), "a line that was not cut but changed")
    }
  }

  static func unknown(_ run: ConformanceRun) async throws {
    try await run.store.append([line(run, "none", "x")])
    try run.equal(try await run.store.logs(of: TaskKey("none"), after: 0, limit: 9), [], "lines")
  }

  static func apart(_ run: ConformanceRun) async throws {
    for id in ["a", "b"] { try await run.accept(id) }
    try await run.store.append([line(run, "a", "1"), line(run, "b", "2"), line(run, "a", "3")])
    try run.equal(try await run.store.logs(of: TaskKey("a"), after: 0, limit: 9).map(\.text), ["1", "3"], "of a")
    try run.equal(try await run.store.logs(of: TaskKey("b"), after: 0, limit: 9).map(\.text), ["2"], "of b")
  }
}
