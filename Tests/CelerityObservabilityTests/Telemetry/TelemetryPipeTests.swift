import CelerityCore
import CelerityTesting
import Logging
import Synchronization
import Testing

@testable import CelerityObservability

/// A writer that a test can send away, and that says when it was called.
private final class ScriptedWriter: TelemetryWriter {
  private struct State {
    var outcome = TelemetryOutcome.written
    var written: [[Int64]] = []
    var attempts = 0
  }

  private let state = Mutex(State())
  let bell = CountingBell()
  let name = "scripted"

  func canWrite(_ point: TelemetryPoint) -> Bool { point.measurement != "impossible" }

  func write(_ points: [TelemetryPoint]) async -> TelemetryOutcome {
    let outcome = state.withLock { state in
      state.attempts += 1
      if state.outcome == .written { state.written.append(points.map(\.time.microseconds)) }
      return state.outcome
    }
    bell.ring()
    return outcome
  }

  func answer(_ outcome: TelemetryOutcome) { state.withLock { $0.outcome = outcome } }
  var written: [[Int64]] { state.withLock { $0.written } }
  var attempts: Int { state.withLock { $0.attempts } }

  /// Returns when it was called so often.
  func waitForAttempts(_ count: Int) async {
    while true {
      let rings = bell.rings
      if attempts >= count { return }
      await bell.wait(beyond: rings, until: SystemTime().uptime + .seconds(60), on: SystemTime())
    }
  }
}

private struct Bench {
  let writer = ScriptedWriter()
  let time = TestTime()
  let registry = MetricsRegistry()
  let pipe: TelemetryPipe

  init(_ limits: TelemetryPipe.Limits) {
    pipe = TelemetryPipe(
      to: writer, limits: limits, metrics: TelemetryMetrics(registry), time: time,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  func record(_ numbers: some Sequence<Int64>) {
    for number in numbers {
      pipe.record(TelemetryPoint("m", fields: ["x": .integer(number)], time: Timestamp(microseconds: number)))
    }
  }

  func metric(_ name: String, _ labels: [String]) async -> Double? {
    let family = await registry.snapshot().first { $0.definition.name == name }
    guard case .number(let number)? = family?.samples.first(where: { $0.labels == labels })?.value else { return nil }
    return number
  }
}

@Suite(.timeLimit(.minutes(2)))
struct TelemetryPipeTests {
  @Test func `a full batch goes at once, the rest after the interval`() async throws {
    let bench = Bench(.init(buffer: 100, batch: 3, interval: .seconds(1)))
    let run = Task { await bench.pipe.run() }
    bench.record(1...4)
    await bench.writer.waitForAttempts(1)
    #expect(bench.writer.written == [[1, 2, 3]])
    while bench.writer.attempts < 2 {
      await bench.time.waitForSleepers()
      bench.time.advance(by: .seconds(1))
      await Task.yield()
    }
    #expect(bench.writer.written == [[1, 2, 3], [4]])
    bench.pipe.close()
    await run.value
  }

  @Test func `what waits while the writer is away arrives when it is back, but for what had no room`() async throws {
    let bench = Bench(.init(buffer: 10, batch: 5, interval: .seconds(1)))
    bench.writer.answer(.away("not there"))
    let run = Task { await bench.pipe.run() }
    bench.record(1...5)
    await bench.writer.waitForAttempts(1)
    // Five are in hand; of these twenty, ten find room.
    bench.record(6...25)
    #expect(bench.pipe.waiting == 10)
    bench.writer.answer(.written)
    while bench.writer.written.isEmpty {
      await bench.time.waitForSleepers()
      bench.time.advance(by: .milliseconds(250))
      await Task.yield()
    }
    await bench.writer.waitForAttempts(4)
    #expect(bench.writer.written == [Array(1...5), Array(16...20), Array(21...25)])
    #expect(await bench.metric("celerity_telemetry_lost", ["scripted", "full"]) == 10)
    bench.pipe.close()
    await run.value
    #expect(await bench.metric("celerity_telemetry_written", ["scripted"]) == 15)
  }

  @Test func `the end hands on what waits`() async throws {
    let bench = Bench(.init(buffer: 100, batch: 10, interval: .seconds(3600)))
    let run = Task { await bench.pipe.run() }
    bench.record(1...25)
    bench.pipe.close()
    await run.value
    #expect(bench.writer.written.flatMap(\.self) == Array(1...25))
  }

  @Test func `the end does not wait longer than it may for a writer that is away`() async throws {
    let bench = Bench(.init(buffer: 100, batch: 10, interval: .seconds(1), farewell: .seconds(5)))
    bench.writer.answer(.away("not there"))
    bench.record(1...25)
    bench.pipe.close()
    let run = Task { await bench.pipe.run() }
    let isOver = Mutex(false)
    let watch = Task {
      await run.value
      isOver.withLock { $0 = true }
    }
    var waited = Duration.zero
    while !isOver.withLock({ $0 }) {
      // Whoever sleeps is woken; who has ended does not sleep any more.
      if bench.time.sleepers > 0 {
        bench.time.advance(by: .milliseconds(250))
        waited += .milliseconds(250)
      }
      await Task.yield()
    }
    await watch.value
    #expect(waited >= .seconds(5) && waited < .seconds(6))
    #expect(bench.writer.written.isEmpty)
    #expect(await bench.metric("celerity_telemetry_lost", ["scripted", "ended"]) == 25)
  }

  @Test func `what is refused is counted and holds up nothing`() async throws {
    let bench = Bench(.init(buffer: 100, batch: 10, interval: .seconds(3600)))
    bench.writer.answer(.refused("it is wrong"))
    let run = Task { await bench.pipe.run() }
    bench.record(1...10)
    await bench.writer.waitForAttempts(1)
    bench.writer.answer(.written)
    bench.record(11...20)
    bench.pipe.record(TelemetryPoint("impossible", fields: [:], time: Timestamp(microseconds: 0)))
    bench.pipe.close()
    await run.value
    #expect(bench.writer.written == [Array(11...20)])
    #expect(await bench.metric("celerity_telemetry_lost", ["scripted", "refused"]) == 11)
  }
}
