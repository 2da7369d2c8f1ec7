import CelerityCore
import CelerityCron
import CelerityJSON
import CelerityRoutes
import Logging

/// Fires schedule entries. The id of a firing is made from the entry's name and its slot, and submitting an id twice adds
/// nothing: even two leaders at once fire a slot once.
struct PeriodicDuty: Sendable {
  let entries: [ScheduleEntry]
  let engine: any Engine
  let documents: any DocumentStore
  let configuration: SchedulerConfiguration
  let time: any TimeSource
  let logger: Logger

  /// Wall time is looked at this often, so that a jump of the clock is noticed.
  private static let longestSleep = Duration.seconds(30)
  private static let collection = "schedules"

  /// What is remembered of an entry.
  private struct Memory: Codable {
    var schedule: String
    var anchor: Int64
    var last: Int64
  }

  /// Works until cancelled.
  func run() async {
    while !Task.isCancelled {
      var wait = Self.longestSleep
      for entry in entries {
        do {
          if let next = try await fire(entry) {
            wait = min(wait, Timestamp(seconds: next) - time.now)
          }
        } catch {
          logger.error("could not fire a schedule", metadata: ["entry": "\(entry.name)", "error": "\(error)"])
          wait = min(wait, .seconds(1))
        }
      }
      try? await time.sleep(for: max(.milliseconds(1), wait))
    }
  }

  /// Fires the slot that is due, if any; answers the next one.
  private func fire(_ entry: ScheduleEntry) async throws -> Int64? {
    let now = time.now.wholeSeconds
    let key = DocumentKey(Self.collection, entry.name, tenant: configuration.tenant)
    let document = try await documents.documents([key])[0]
    var memory = try document.map { try RawJSONDecoder().decode(Memory.self, from: $0.value) }
    if memory?.schedule != entry.schedule.description {
      // New, or changed: slots from before are not missed ones.
      memory = Memory(schedule: entry.schedule.description, anchor: now, last: now)
      try await remember(memory, key, document?.version ?? 0)
      return memory.flatMap { machine(entry, $0).next(after: now) }
    }
    guard var memory else { return nil }
    guard let slot = machine(entry, memory).due(at: now) else { return machine(entry, memory).next(after: now) }
    try await submit(entry, slot)
    memory.last = slot
    try await remember(memory, key, document?.version ?? 0)
    return machine(entry, memory).next(after: now)
  }

  private func machine(_ entry: ScheduleEntry, _ memory: Memory) -> PeriodicMachine {
    PeriodicMachine(schedule: entry.schedule, anchor: memory.anchor, last: memory.last)
  }

  private func submit(_ entry: ScheduleEntry, _ slot: Int64) async throws {
    let message = TaskMessage(
      id: TaskID(stored: "schedule:\(entry.name):\(slot)"), task: entry.task, queue: entry.queue, args: entry.args,
      kwargs: entry.kwargs, tenant: configuration.tenant, priority: entry.priority)
    if case .conflict(let error) = try await engine.submit([Submission(message)])[0] { throw error }
  }

  /// A conflict means that another leader was faster; what it remembered is read in the next round.
  private func remember(_ memory: Memory?, _ key: DocumentKey, _ version: Int64) async throws {
    let value = try memory.map { try RawJSONEncoder().encode($0) }
    _ = try await documents.write([DocumentWrite(key, value, expecting: version)])
  }
}
