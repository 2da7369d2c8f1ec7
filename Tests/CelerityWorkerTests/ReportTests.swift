import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import Logging
import Testing

@testable import CelerityWorker

@Suite("Progress and logs", .timeLimit(.minutes(1)))
struct ReportTests {
  let bench = Bench()
  private let key = TaskKey(TaskID(stored: "t1"))

  @Test("Progress of a tight loop is stored at once, then at most every 100 ms, the newest value each time")
  func progress() async throws {
    let (done, gate) = (Tally(), Gate())
    let worker = try bench.worker([
      Scripted<Plain> { _, context in
        context.progress(0, of: 1000, "begun")
        try await gate.wait()
        for n in 1...1000 { context.progress(Double(n), of: 1000) }
        done.add()
        try await Gate().wait()
        return 0
      }
    ])
    try await bench.submit()
    try await bench.run(worker) {
      let first = try await bench.record { $0.state == .progress }
      #expect(first.progress?.description == #"{"current":0,"total":1000,"message":"begun"}"#)
      gate.open()
      await done.reach()
      // The heartbeat, the watchdog, the presence and the reports.
      await bench.time.waitForSleepers(4)
      let still = try await bench.record()
      #expect(still?.progress == first.progress)
      bench.time.advance(by: .milliseconds(100))
      let second = try await bench.record { $0.progress != first.progress }
      #expect(second.progress?.description == #"{"current":1000.0,"total":1000.0}"#)
      worker.stopNow()
    }
    let reports = bench.store.calls.count { if case .report = $0 { true } else { false } }
    #expect(reports == 2)
  }

  @Test("Who sees that a task has ended sees all of its log, in order")
  func logs() async throws {
    let worker = try bench.worker([
      Scripted<Plain> { _, context in
        for n in 0..<500 { context.log("line \(n)", level: n == 0 ? "warning" : "info") }
        return 0
      }
    ])
    try await bench.submit()
    try await bench.run(worker) {
      try await bench.ended()
      let lines = try await bench.memory.logs(of: key, after: 0, limit: 1000)
      #expect(lines.map(\.text) == (0..<500).map { "line \($0)" })
      #expect(lines.first?.level == "warning")
      #expect(lines.allSatisfy { $0.attempt == 1 && $0.time == bench.time.now })
    }
  }

  @Test("Progress that was not stored when the task ended is forgotten")
  func forgotten() async throws {
    let worker = try bench.worker([
      Scripted<Plain> { _, context in
        context.progress(1, of: 2)
        return 0
      }
    ])
    bench.store.before { call throws(EngineError) in
      if case .report = call { throw EngineError(.unavailable, "gone") }
    }
    try await bench.submit()
    try await bench.run(worker) {
      let record = try await bench.ended()
      #expect(record.state == .success)
    }
  }

  @Test("A store that takes no logs does not hold up the task")
  func refusedLogs() async throws {
    let worker = try bench.worker([
      Scripted<Plain> { _, context in
        context.log("hello")
        return 0
      }
    ])
    bench.store.before { call throws(EngineError) in
      if case .append = call { throw EngineError(.storageFull, "full") }
    }
    try await bench.submit()
    try await bench.run(worker) {
      let record = try await bench.ended()
      #expect(record.state == .success)
    }
  }

  @Test("Lines that code writes faster than the store takes them are dropped, not hoarded")
  func dropped() async throws {
    let buffer = buffer()
    for n in 0..<10_050 { buffer.add(line("\(n)")) }
    await buffer.flush()
    await buffer.flush()  // nothing more
    #expect(appended.map(\.count) == [10_000])
    #expect(appended.first?.last?.text == "9999")
  }

  @Test("Writes do not overtake each other, and a flush returns when all before it are done")
  func order() async throws {
    let buffer = buffer()
    let (entered, gate) = (Tally(), Gate())
    bench.store.before { call throws(EngineError) in
      entered.add()
      try? await gate.wait()
    }
    buffer.add(line("a"))
    async let first: Void = buffer.flush()
    await entered.reach()
    buffer.add(line("b"))
    async let second: Void = buffer.flush()
    async let third: Void = buffer.flush()
    for _ in 0..<100 { await Task.yield() }
    #expect(entered.count == 1)
    gate.open()
    _ = await (first, second, third)
    #expect(appended.map { $0.map(\.text) } == [["a"], ["b"]])
  }

  private func buffer() -> ReportBuffer {
    ReportBuffer(
      store: bench.store, time: bench.time, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  private func line(_ text: String) -> TaskLogLine {
    TaskLogLine(key, attempt: 1, time: bench.time.now, level: "info", text: text)
  }

  private var appended: [[TaskLogLine]] {
    bench.store.calls.compactMap { if case .append(let lines) = $0 { lines } else { nil } }
  }
}
