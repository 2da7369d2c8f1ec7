import CelerityCore
import CelerityJSON
import CelerityTesting
import NIOHTTP1
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

  @Test("The older name answers as /livez does, and HEAD as GET does without its body")
  func aliases() async throws {
    try await RunningGateway.run { gateway in
      #expect(try await gateway.get("/healthz").text == "ok")
      #expect(try await gateway.get("/healthz?verbose").text == "[+]ping ok\nhealthz check passed\n")
      for path in ["/health", "/healthz", "/livez", "/readyz", "/startupz"] {
        let head = try await gateway.send(.HEAD, path)
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head["cache-control"] == "no-store")
      }
    }
  }

  @Test("Checks are told as JSON to who wants it, and those that are excluded do not count")
  func formsAndExclusions() async throws {
    try await RunningGateway.run { gateway in
      let json = try await gateway.get("/readyz", headers: [("Accept", "application/json")])
      #expect(
        json.text
          == #"{"status":"ok","checks":[{"name":"ping","status":"ok"},{"name":"engine","status":"ok"},{"name":"shutdown","status":"ok"}]}"#
      )
      #expect(json["content-type"] == "application/json")
      #expect(json["vary"] == "Accept")
      let text = try await gateway.get("/readyz?verbose&exclude=engine&exclude=ping")
      #expect(text.text == "[+]ping excluded: ok\n[+]engine excluded: ok\n[+]shutdown ok\nreadyz check passed\n")
      let typo = try await gateway.get("/readyz?exclude=engin")
      typo.expectProblem(400, "invalid-parameter")
      #expect(typo.string("hint") == "did you mean 'engine'?")
    }
  }

  @Test("A report that fails names what failed, and passes without it")
  func report() throws {
    let checks = [HealthCheck("ping", true), HealthCheck("engine", false), HealthCheck("shutdown", true)]
    let failed = try ProbeReport("readyz", checks, excluding: [])
    #expect(!failed.isGood)
    #expect(failed.lines == "[+]ping ok\n[-]engine failed\n[+]shutdown ok\nreadyz check failed\n")
    #expect(failed.json["status"]?.stringValue == "failed")
    #expect(try ProbeReport("readyz", checks, excluding: ["engine"]).isGood)
  }

  @Test("Who asks whether the gateway is ready waits a moment for news, and not for a store that hangs")
  func recent() async throws {
    let time = TestTime()
    let presence = ScriptedPresence()
    let monitor = HealthMonitor(presence: presence, time: time)
    await monitor.refresh()
    #expect(await monitor.recent().isEngineConnected, "what is fresh is not looked up again")
    time.advance(by: HealthMonitor.freshness + .milliseconds(1))
    presence.fail()
    async let news = monitor.recent()
    await time.waitForSleepers()
    await monitor.refresh()
    #expect(await !news.isEngineConnected, "it is looked up before the answer")
    time.advance(by: HealthMonitor.freshness + .milliseconds(1))
    async let old = monitor.recent()
    await time.waitForSleepers()
    time.advance(by: HealthMonitor.wait)
    #expect(await !old.isEngineConnected, "nobody answered in time")
    #expect(monitor.waitingCount == 0, "who has waited long enough leaves nothing behind")
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
