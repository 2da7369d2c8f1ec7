import CelerityCore
import CelerityCron
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

  private var logger: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

  func scheduler(_ store: ObservedStore, _ entries: [ScheduleEntry] = [], holder: String = "host:1") -> Scheduler {
    Scheduler(
      SchedulerConfiguration(holder: holder), store: store, entries: entries, ids: UUIDv7(time: time), time: time,
      logger: logger)
  }

  /// Fires entries without asking who leads.
  func duty(_ store: ObservedStore, _ entries: [ScheduleEntry]) -> PeriodicDuty {
    PeriodicDuty(
      entries: entries, engine: store, documents: store, configuration: SchedulerConfiguration(holder: "host:1"),
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
