import CelerityCore
import CelerityJSON
import CelerityTesting
import Synchronization
import Testing

@testable import CelerityGateway

@Suite struct HealthTests {
  @Test("Health names the parts; without a worker it is degraded, with one healthy")
  func health() async throws {
    let time = TestTime()
    try await RunningGateway.run(time: time) { gateway in
      let alone = try await gateway.get("/health")
      #expect(alone.status == 200)
      #expect(
        alone.text
          == #"{"status":"degraded","timestamp":"2026-11-21T05:00:00.000000Z","services":{"engine":"connected","workers":"disconnected"}}"#
      )
      try await gateway.store.announce(.named("celery@far"), for: .seconds(600))
      await time.waitForSleepers()
      time.advance(by: HealthMonitor.interval)
      await time.waitForSleepers()
      let together = try await gateway.get("/health")
      #expect(together.string("status") == "healthy")
      #expect(together.json["services"]?["workers"]?.stringValue == "connected")
      #expect(together["cache-control"] == "no-store")
    }
  }

  @Test("Probes answer ok, and line by line when asked to", arguments: ["livez", "readyz", "startupz"])
  func probes(_ name: String) async throws {
    try await RunningGateway.run { gateway in
      #expect(try await gateway.get("/\(name)").text == "ok")
      let verbose = try await gateway.get("/\(name)?verbose")
      #expect(verbose.status == 200)
      #expect(verbose.text.hasPrefix("[+]ping ok\n"))
      #expect(verbose.text.hasSuffix("\(name) check passed\n"))
      #expect(try await gateway.get("/\(name)?verbose=true").text == verbose.text)
    }
  }

  @Test(
    "A store that fails, and one that hangs, is seen as disconnected; it is never asked by whoever asks for the health")
  func failingStore() async {
    let time = TestTime()
    let presence = ScriptedPresence()
    let monitor = HealthMonitor(presence: presence, time: time)
    #expect(monitor.snapshot.checked == nil)
    await monitor.refresh()
    #expect(monitor.snapshot.isEngineConnected)
    let asked = presence.calls
    time.advance(by: HealthMonitor.interval)
    #expect(monitor.snapshot.isEngineConnected, "nobody asked meanwhile, which says nothing about the store")
    #expect(presence.calls == asked)
    let released = presence.hang()
    let hanging = Task { await monitor.refresh() }
    await presence.waitForCall(number: asked + 1)
    time.advance(by: HealthMonitor.patience + .milliseconds(1))
    #expect(!monitor.snapshot.isEngineConnected, "asked, and no answer")
    released.finish()
    await hanging.value
    #expect(monitor.snapshot.isEngineConnected)
    presence.fail()
    await monitor.refresh()
    #expect(!monitor.snapshot.isEngineConnected)
    #expect(monitor.snapshot.checked == time.uptime)
  }
}

/// Presence that counts how often it is asked, can fail, and can hang until it is released.
final class ScriptedPresence: WorkerPresence {
  private struct State {
    var calls = 0
    var fails = false
    var hold: AsyncStream<Void>?
  }

  private let state = Mutex(State())
  private let called = AsyncStream.makeStream(of: Int.self)

  var calls: Int { state.withLock { $0.calls } }

  func fail() { state.withLock { $0.fails = true } }

  /// From now on answers come when what this returns is finished.
  func hang() -> AsyncStream<Void>.Continuation {
    let (hold, release) = AsyncStream.makeStream(of: Void.self)
    state.withLock { $0.hold = hold }
    return release
  }

  func waitForCall(number: Int) async {
    for await call in called.stream where call >= number { return }
  }

  func announce(_ worker: WorkerInfo, for duration: Duration) async throws(EngineError) {}

  func withdraw(_ name: String) async throws(EngineError) {}

  func workers() async throws(EngineError) -> [WorkerInfo] {
    let (calls, fails, hold) = state.withLock { state in
      state.calls += 1
      defer { state.hold = nil }
      return (state.calls, state.fails, state.hold)
    }
    called.continuation.yield(calls)
    if let hold { for await _ in hold {} }
    if fails { throw EngineError(.unavailable, "away") }
    return []
  }
}
