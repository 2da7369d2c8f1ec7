import CelerityCore
import CelerityCron
import CelerityJSON
import CelerityRoutes
import CelerityTesting
import Testing

@testable import CelerityScheduler

@Suite("Publishing the schedules of services", .timeLimit(.minutes(1)))
struct PublicationTests {
  let bench = Bench()

  private func publish(
    _ entries: [String: [ScheduleEntry]], on store: ObservedStore? = nil
  ) async throws -> [ObservedStore.Call] {
    let store = store ?? bench.view()
    let publication = SchedulePublication(
      entries: entries, documents: store, tenant: .default, time: bench.time, logger: bench.log.logger)
    try await publication.publish(publication.definitions())
    return store.calls.filter { if case .write = $0 { true } else { false } }
  }

  @Test("Entries are published under their names, as their service's, and are not written again when nothing changed")
  func published() async throws {
    let entry = ScheduleEntry(
      "nightly", try Schedule("0 2 * * 1-5 Europe/Berlin"), task: "demo.report", args: .array([.integer(1)]),
      kwargs: .object([("a", .true)]), queue: "slow", priority: .high)
    let first = try await publish(["reports": [entry], "demo": [try .tick()]])
    #expect(first.count == 2)
    let definition = try #require(try await bench.definition("nightly"))
    #expect(definition.entry(named: "nightly") == entry)
    #expect(definition.source == .service("reports"))
    #expect(definition.activeSince == bench.time.now)
    bench.time.advance(by: .seconds(3600))
    let second = try await publish(["reports": [entry], "demo": [try .tick()]])
    #expect(second.isEmpty)
  }

  @Test("A changed entry is written and starts anew; the pause stays")
  func changed() async throws {
    _ = try await publish(["demo": [try .tick(), try .tick(name: "paused")]])
    try await bench.change("paused") { $0.pause() }
    bench.time.advance(by: .seconds(3600))
    _ = try await publish(["demo": [try .tick("every 1h"), try .tick("every 1h", name: "paused")]])
    for (name, isPaused) in [("tick", false), ("paused", true)] {
      let definition = try #require(try await bench.definition(name))
      #expect(definition.schedule == .interval(seconds: 3600))
      #expect(definition.isPaused == isPaused)
      #expect(definition.activeSince == bench.time.now)
    }
  }

  @Test("Entries that services have no more are withdrawn, with what is remembered of them; others' stay")
  func withdrawn() async throws {
    _ = try await publish(["demo": [try .tick(), try .tick(name: "old")], "gone": [try .tick(name: "gone")]])
    try await bench.define("mine")
    let memory = PeriodicMachine.key("old", tenant: .default)
    _ = try await bench.memory.write([DocumentWrite(memory, .emptyObject)])
    _ = try await publish(["demo": [try .tick()]])
    #expect(try await bench.definition("tick") != nil)
    #expect(try await bench.definition("mine") != nil)
    for name in ["old", "gone"] { #expect(try await bench.definition(name) == nil) }
    #expect(try await bench.memory.documents([memory]) == [nil])
  }

  @Test("What a person has added under a service's name is not overwritten")
  func taken() async throws {
    try await bench.define("tick", "every 1h")
    let writes = try await publish(["demo": [try .tick()]])
    #expect(writes.isEmpty)
    #expect(try await bench.definition()?.schedule == .interval(seconds: 3600))
    #expect(bench.log.count(of: "somebody has added another one under its name") == 1)
  }

  @Test("A document under a service's name that nobody can read is replaced")
  func unreadable() async throws {
    try await bench.put(document: .string("?"))
    _ = try await publish(["demo": [try .tick()]])
    #expect(try await bench.definition()?.source == .service("demo"))
  }

  @Test("A pause that comes in the middle of the publication is not lost")
  func race() async throws {
    let store = bench.view()
    _ = try await publish(["demo": [try .tick()]])
    store.before { [bench, weak store] call throws(EngineError) in
      guard case .write = call else { return }
      store?.before(nil)
      do {
        try await bench.change { $0.pause() }
      } catch {
        throw EngineError(.invalid, "\(error)")
      }
    }
    _ = try await publish(["demo": [try .tick("every 1h")]], on: store)
    let definition = try #require(try await bench.definition())
    #expect(definition.isPaused)
    #expect(definition.schedule == .interval(seconds: 3600))
  }

  @Test("What the store refuses to publish for good does not keep the others from firing")
  func refused() async throws {
    let start = bench.now
    let store = bench.view()
    store.before { call throws(EngineError) in
      if case .write(let write) = call, write.key.collection == ScheduleDefinition.collection {
        throw EngineError(.invalid, "too large")
      }
    }
    try await bench.define("mine")
    let duty = bench.duty(store, [try .tick()])
    await bench.run({ await duty.run() }) {
      for _ in 0..<10 { await bench.pass(.seconds(1)) }
      await bench.time.waitForSleepers()
    }
    #expect(try await bench.slots("mine") == [start + 10])
    #expect(bench.log.count(of: "could not publish") == 1)
  }
}
