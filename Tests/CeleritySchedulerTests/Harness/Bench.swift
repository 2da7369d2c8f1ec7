import CelerityCore
import CelerityCron
import CelerityJSON
import CelerityRoutes
import CelerityTesting
import Logging

@testable import CelerityScheduler

/// A memory store on test clocks. Each scheduler sees it through a view of its own, so that a test can tell them apart.
struct Bench {
  let time: TestTime
  let memory: MemoryStore

  init(time: TestTime = TestTime()) {
    self.time = time
    memory = MemoryStore(time: time)
  }

  func view() -> ObservedStore { ObservedStore(memory) }

  /// What schedulers and duties have logged.
  let log = LogLines()

  private var logger: Logger { log.logger }

  func scheduler(_ store: ObservedStore, _ entries: [ScheduleEntry] = [], holder: String = "host:1") -> Scheduler {
    Scheduler(
      SchedulerConfiguration(holder: holder), store: store, entries: ["demo": entries], ids: UUIDv7(time: time),
      time: time, logger: logger)
  }

  /// Fires what is defined and the entries of a service, without asking who leads.
  func duty(_ store: ObservedStore, _ entries: [ScheduleEntry] = [], tenant: Tenant = .default) -> PeriodicDuty {
    PeriodicDuty(
      publication: SchedulePublication(
        entries: ["demo": entries], documents: store, tenant: tenant, time: time, logger: logger),
      engine: store, documents: store, configuration: SchedulerConfiguration(holder: "host:1", tenant: tenant),
      time: time, logger: logger)
  }

  func maintenance(_ store: ObservedStore, limit: Int = 1000) -> MaintenanceDuty {
    MaintenanceDuty(
      engine: store, configuration: SchedulerConfiguration(holder: "host:1", maintenanceLimit: limit), time: time,
      logger: logger)
  }

  /// Runs something in the background while the body runs.
  func run<Value>(_ work: @escaping @Sendable () async -> Void, _ body: () async throws -> Value) async rethrows
    -> Value
  {
    let running = Task { await work() }
    do {
      let value = try await body()
      running.cancel()
      await running.value
      return value
    } catch {
      running.cancel()
      throw error
    }
  }

  /// The slots of an entry that were fired, in their order.
  func slots(_ name: String = "tick") async throws -> [Int64] {
    let page = try await memory.list(RecordQuery(limit: 10_000))
    return page.records.compactMap { record in
      let id = record.message.id.text
      let prefix = "schedule:\(name):"
      return id.hasPrefix(prefix) ? Int64(id.dropFirst(prefix.count)) : nil
    }.sorted()
  }

  // MARK: Definitions

  /// Defines a schedule, as the API does.
  func define(_ name: String = "tick", _ text: String = "every 10s", task: String = "demo.tick") async throws {
    let entry = ScheduleEntry(name, try Schedule(text), task: task)
    try await put(try ScheduleDefinition(entry, source: .api, at: time.now), as: name)
  }

  func put(_ definition: ScheduleDefinition, as name: String = "tick") async throws {
    try await put(document: definition.document, as: name)
  }

  func put(document: RawJSON, as name: String = "tick") async throws {
    _ = try await memory.write([DocumentWrite(ScheduleDefinition.key(name, tenant: .default), document)])
  }

  func definition(_ name: String = "tick") async throws -> ScheduleDefinition? {
    let document = try await memory.documents([ScheduleDefinition.key(name, tenant: .default)])[0]
    return try document.map { try ScheduleDefinition(document: $0.value) }
  }

  /// Changes a definition, as the API does.
  func change(_ name: String = "tick", _ body: (inout ScheduleDefinition) -> Void) async throws {
    guard var definition = try await definition(name) else { return }
    body(&definition)
    try await put(definition, as: name)
  }

  func delete(_ name: String = "tick") async throws {
    _ = try await memory.write(ScheduleDefinition.deletion(of: name, tenant: .default))
  }

  /// Whole seconds on the wall clock.
  var now: Int64 { time.now.wholeSeconds }

  /// Lets time pass once so many sleep: whoever matters has seen the time before.
  func pass(_ duration: Duration, sleepers: Int = 1) async {
    await time.waitForSleepers(sleepers)
    time.advance(by: duration)
  }
}

extension ScheduleEntry {
  /// An entry whose firings are told apart by its name.
  static func tick(_ text: String = "every 10s", name: String = "tick") throws -> ScheduleEntry {
    ScheduleEntry(name, try Schedule(text), task: "demo.tick")
  }
}
