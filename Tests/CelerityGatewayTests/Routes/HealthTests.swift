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
    time.advance(by: HealthMonitor.staleness)
    #expect(monitor.snapshot.isEngineConnected)
    time.advance(by: .seconds(1))
    #expect(!monitor.snapshot.isEngineConnected, "an old answer counts for nothing")
    #expect(presence.calls == asked)
    await monitor.refresh()
    #expect(monitor.snapshot.isEngineConnected)
    presence.fail()
    await monitor.refresh()
    #expect(!monitor.snapshot.isEngineConnected)
    #expect(monitor.snapshot.checked == time.uptime)
  }
}

/// Presence that counts how often it is asked and can fail.
final class ScriptedPresence: WorkerPresence {
  private let state = Mutex((calls: 0, fails: false))

  var calls: Int { state.withLock { $0.calls } }

  func fail() { state.withLock { $0.fails = true } }

  func announce(_ worker: WorkerInfo, for duration: Duration) async throws(EngineError) {}

  func withdraw(_ name: String) async throws(EngineError) {}

  func workers() async throws(EngineError) -> [WorkerInfo] {
    let fails = state.withLock { state in
      state.calls += 1
      return state.fails
    }
    if fails { throw EngineError(.unavailable, "away") }
    return []
  }
}
