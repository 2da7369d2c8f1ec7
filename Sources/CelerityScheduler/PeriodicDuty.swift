import CelerityCore
import CelerityCron
import CelerityJSON
import CelerityRoutes
import Logging

/// Fires schedule entries. The id of a firing is made from the entry's name and its slot, and submitting an id twice adds
/// nothing: even two leaders at once fire a slot once.
///
/// A firing is submitted first and remembered second. A leader that dies in between leaves a slot that the next one
/// submits again, under the same id.
struct PeriodicDuty: Sendable {
  let entries: [ScheduleEntry]
  let engine: any Engine
  let documents: any DocumentStore
  let configuration: SchedulerConfiguration
  let time: any TimeSource
  let logger: Logger

  /// Wall time is looked at this often, so that a jump of the clock is noticed.
  private static let longestSleep = Duration.seconds(30)
  private static let firstPause = Duration.seconds(1)
  private static let longestPause = Duration.seconds(10)
  private static let collection = "schedules"

  /// What is remembered of an entry, as it stands in the store; version 0 when nothing is.
  private struct Memory {
    var machine: PeriodicMachine?
    var version: Int64
  }

  /// Works until cancelled.
  func run() async {
    let entries = sound(entries)
    var memories: [String: Memory] = [:]
    var pause = Self.firstPause
    while !Task.isCancelled {
      var hasFailed = false
      let start = time.now.wholeSeconds
      for entry in entries where !Task.isCancelled {
        do {
          try await tend(entry, &memories[entry.name])
        } catch {
          hasFailed = true
          logger.error("could not fire a schedule", metadata: ["entry": "\(entry.name)", "error": "\(error)"])
        }
      }
      // Counted from before the round: a slot that came up during it is the next one.
      let next = entries.compactMap { memories[$0.name]?.machine?.next($0.schedule, after: start) }.min()
      let wait = next.map { max(.milliseconds(1), Timestamp(seconds: $0) - time.now) }
      try? await time.sleep(for: min(wait ?? Self.longestSleep, hasFailed ? pause : Self.longestSleep))
      pause = hasFailed ? min(pause * 2, Self.longestPause) : Self.firstPause
    }
  }

  /// Fires an entry's slot if one is due, and remembers it. Only the leader writes, so what it knows is read once; where
  /// another was faster after all, it is read again.
  private func tend(_ entry: ScheduleEntry, _ memory: inout Memory?) async throws {
    repeat {
      let known = try await known(entry, memory)
      memory = known
      let now = time.now.wholeSeconds
      if var machine = known.machine, machine.holds(for: entry.schedule, at: now) {
        guard let slot = machine.due(entry.schedule, at: now) else { return }
        try await submit(entry, slot)
        machine.fired(slot)
        memory = try await remember(entry, machine, over: known)
      } else {
        memory = try await remember(entry, PeriodicMachine(entry.schedule, seen: now), over: known)
      }
    } while memory == nil && !Task.isCancelled
  }

  private func submit(_ entry: ScheduleEntry, _ slot: Int64) async throws {
    let message = TaskMessage(
      id: Self.id(entry, slot), task: entry.task, queue: entry.queue, args: entry.args, kwargs: entry.kwargs,
      tenant: configuration.tenant, priority: entry.priority)
    do {
      if case .conflict(let error) = try await engine.submit([Submission(message)])[0] { throw error }
    } catch let error as EngineError where !error.isRetryable && error.code != .closed {
      // It would be refused every time: the slot is given up, or fired before its entry was changed.
      logger.error("a slot did not fire", metadata: ["entry": "\(entry.name)", "slot": "\(slot)", "error": "\(error)"])
    }
  }

  private static func id(_ entry: ScheduleEntry, _ slot: Int64) -> TaskID {
    TaskID(stored: "schedule:\(entry.name):\(slot)")
  }

  // MARK: Memory

  private func key(_ entry: ScheduleEntry) -> DocumentKey {
    DocumentKey(Self.collection, entry.name, tenant: configuration.tenant)
  }

  private func known(_ entry: ScheduleEntry, _ memory: Memory?) async throws -> Memory {
    if let memory { return memory }
    guard let document = try await documents.documents([key(entry)])[0] else { return Memory(version: 0) }
    let machine = try? RawJSONDecoder().decode(PeriodicMachine.self, from: document.value)
    if machine == nil {
      logger.warning("what was remembered of a schedule is unreadable", metadata: ["entry": "\(entry.name)"])
    }
    return Memory(machine: machine, version: document.version)
  }

  /// What is remembered now; `nil` when another leader was faster.
  private func remember(
    _ entry: ScheduleEntry, _ machine: PeriodicMachine, over known: Memory
  ) async throws -> Memory? {
    let value = try RawJSONEncoder().encode(machine)
    let write = DocumentWrite(key(entry), value, expecting: known.version)
    guard case .written(let versions) = try await documents.write([write]) else { return nil }
    return Memory(machine: machine, version: versions[0])
  }

  // MARK: Entries

  /// The entries that can be fired; what is wrong with the others is said once and does not stop these.
  private func sound(_ entries: [ScheduleEntry]) -> [ScheduleEntry] {
    var names: Set<String> = []
    return entries.filter { entry in
      guard let fault = fault(of: entry, isTaken: !names.insert(entry.name).inserted) else { return true }
      logger.error("a schedule is not fired", metadata: ["entry": "\(entry.name)", "error": "\(fault)"])
      return false
    }
  }

  private func fault(of entry: ScheduleEntry, isTaken: Bool) -> String? {
    if isTaken { return "another entry has its name" }
    if TaskID(Self.id(entry, .min).text) == nil || entry.name.isEmpty {
      return "its name is empty, too long or holds NUL"
    }
    if entry.task.isEmpty { return "it names no task" }
    if !QueueKey.isLegal(name: entry.queue) { return "'\(entry.queue)' can't name a queue" }
    if entry.args.elements() == nil || entry.kwargs.members() == nil { return "its arguments are no array and object" }
    return nil
  }
}
