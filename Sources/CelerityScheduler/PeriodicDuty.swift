import CelerityCore
import CelerityJSON
import CelerityRoutes
import Logging

/// Fires the schedules that are defined in the document store.
///
/// The id of a firing is made from the definition's name and its slot, and submitting an id twice adds nothing: even two
/// leaders at once fire a slot once. A firing is submitted first and remembered second. A leader that dies in between
/// leaves a slot that the next one submits again, under the same id.
///
/// Definitions are read every five seconds and, each one that is due, right before it fires: a pause or a deletion holds
/// at once, anything else within five seconds. While nothing is due, that reading is all there is.
struct PeriodicDuty: Sendable {
  let publication: SchedulePublication
  let engine: any Engine
  let documents: any DocumentStore
  let configuration: SchedulerConfiguration
  let time: any TimeSource
  let logger: Logger

  /// How often definitions are read; wall time is looked at as often, so that a jump of the clock is noticed.
  static let lookEvery = Duration.seconds(5)
  private static let firstPause = Duration.seconds(1)
  private static let longestPause = Duration.seconds(10)
  /// Most definitions that fire with one commit.
  private static let batch = 500

  /// Works until cancelled.
  func run() async {
    var book = ScheduleBook()
    var unpublished: [String: ScheduleDefinition]? = publication.definitions()
    var isRecalled = false
    var nextLook = time.uptime
    var pause = Self.firstPause
    while !Task.isCancelled {
      do {
        if let definitions = unpublished {
          try await publish(definitions)
          unpublished = nil
        }
        if !isRecalled || time.uptime >= nextLook {
          let start = time.uptime
          if isRecalled { try await look(&book) } else { try await recall(&book) }
          isRecalled = true
          nextLook = start + Self.lookEvery
        }
        try await fire(&book)
        pause = Self.firstPause
        try? await time.sleep(until: min(nextLook, nextSlot(book)))
      } catch {
        if Task.isCancelled { return }
        logger.error("could not fire schedules; trying again", metadata: ["error": "\(error)"])
        try? await time.sleep(for: pause)
        pause = min(pause * 2, Self.longestPause)
      }
    }
  }

  /// Publishes the services' entries; where the store refuses that for good, what is there is fired all the same.
  private func publish(_ definitions: [String: ScheduleDefinition]) async throws {
    do {
      try await publication.publish(definitions)
    } catch {
      if error.isRetryable || error.code == .closed { throw error }
      logger.error("could not publish the schedules of services", metadata: ["error": "\(error)"])
    }
  }

  /// When the next slot comes; one that came up during the round is soon.
  private func nextSlot(_ book: ScheduleBook) -> Duration {
    guard let slot = book.next else { return .seconds(Int64.max) }
    return time.uptime + max(.milliseconds(10), Timestamp(seconds: slot) - time.now)
  }

  // MARK: Reading

  /// Reads all definitions.
  private func look(_ book: inout ScheduleBook) async throws {
    var found: Set<String> = []
    var read: [Document] = []
    try await documents.eachDocument(in: ScheduleDefinition.collection, of: configuration.tenant) { document in
      found.insert(document.key.name)
      read.append(document)
    }
    let now = time.now.wholeSeconds
    for document in read { take(document.key.name, document, &book, at: now) }
    try await forget(book.keep(found))
  }

  private func take(_ name: String, _ document: Document?, _ book: inout ScheduleBook, at now: Int64) {
    guard let fault = book.read(name, document, at: now) else { return }
    logger.error("a schedule does not fire", metadata: ["schedule": "\(name)", "error": "\(fault)"])
  }

  /// Reads what is remembered, all of it, and forgets what belongs to no definition any more.
  private func recall(_ book: inout ScheduleBook) async throws {
    var memories: [String: ScheduleBook.Memory] = [:]
    try await documents.eachDocument(in: PeriodicMachine.collection, of: configuration.tenant) { document in
      memories[document.key.name] = memory(document)
    }
    try await look(&book)
    let now = time.now.wholeSeconds
    for (name, memory) in memories { book.remember(name, memory, at: now) }
    // A definition that can't be read keeps what is remembered of it; so only names that are not there at all go.
    let keys = memories.keys.filter { book.lines[$0] == nil }.map(definitionKey)
    let orphans = try await zip(keys, documents.documents(keys)).filter { $0.1 == nil }.map(\.0.name)
    try await forget(orphans)
  }

  private func memory(_ document: Document?) -> ScheduleBook.Memory {
    guard let document else { return ScheduleBook.Memory(version: 0) }
    let machine = try? RawJSONDecoder().decode(PeriodicMachine.self, from: document.value)
    if machine == nil {
      logger.warning("what was remembered of a schedule is unreadable", metadata: ["schedule": "\(document.key.name)"])
    }
    return ScheduleBook.Memory(machine: machine, version: document.version)
  }

  /// A definition of the same name that is made later starts anew.
  private func forget(_ names: [String]) async throws {
    guard !names.isEmpty else { return }
    _ = try await documents.write(names.map { DocumentWrite(machineKey($0), nil) })
  }

  private func definitionKey(_ name: String) -> DocumentKey {
    ScheduleDefinition.key(name, tenant: configuration.tenant)
  }

  private func machineKey(_ name: String) -> DocumentKey {
    PeriodicMachine.key(name, tenant: configuration.tenant)
  }

  // MARK: Firing

  private struct Firing {
    var name: String
    var machine: PeriodicMachine
    var version: Int64
    var submission: Submission?
  }

  /// Fires what is due and remembers it.
  private func fire(_ book: inout ScheduleBook) async throws {
    let names = book.due(at: time.now.wholeSeconds)
    for start in stride(from: 0, to: names.count, by: Self.batch) {
      if Task.isCancelled { return }
      try await fire(Array(names[start..<min(start + Self.batch, names.count)]), &book)
    }
  }

  private func fire(_ names: [String], _ book: inout ScheduleBook) async throws {
    let found = try await documents.documents(names.flatMap { [definitionKey($0), machineKey($0)] })
    let now = time.now.wholeSeconds
    var firings: [Firing] = []
    for (index, name) in names.enumerated() {
      take(name, found[index * 2], &book, at: now)
      let memory = memory(found[index * 2 + 1])
      book.remember(name, memory, at: now)
      if let firing = firing(name, book.lines[name]?.definition, memory, at: now) { firings.append(firing) }
    }
    try await submit(firings.compactMap(\.submission))
    try await remember(firings, &book, at: now)
  }

  /// What a definition's slot submits, and what is remembered then; `nil` when there is nothing new.
  private func firing(
    _ name: String, _ definition: ScheduleDefinition?, _ memory: ScheduleBook.Memory, at now: Int64
  ) -> Firing? {
    guard let definition, !definition.isPaused else { return nil }
    let since = definition.activeSince.wholeSeconds
    let known = memory.machine.flatMap { $0.holds(for: definition.schedule, at: now) ? $0 : nil }
    var machine = known ?? PeriodicMachine(definition.schedule, since: since, seen: now)
    guard let slot = machine.due(definition.schedule, at: now, since: since) else {
      return known == nil ? Firing(name: name, machine: machine, version: memory.version) : nil
    }
    machine.fired(slot)
    let message = TaskMessage(
      id: ScheduleDefinition.taskID(name, slot: slot), task: definition.task, queue: definition.queue,
      args: definition.args, kwargs: definition.kwargs, tenant: configuration.tenant, priority: definition.priority)
    return Firing(name: name, machine: machine, version: memory.version, submission: Submission(message))
  }

  /// Submits together; where something in it is refused for good, one by one, so that the others are not refused with it.
  private func submit(_ submissions: [Submission]) async throws {
    guard !submissions.isEmpty else { return }
    do throws(EngineError) {
      for (submission, result) in zip(submissions, try await engine.submit(submissions)) {
        if case .conflict(let error) = result { giveUp(submission, error) }
      }
    } catch {
      if error.isRetryable || error.code == .closed { throw error }
      // It would be refused every time: the slot is given up.
      if submissions.count == 1 { return giveUp(submissions[0], error) }
      for submission in submissions { try await submit([submission]) }
    }
  }

  private func giveUp(_ submission: Submission, _ error: EngineError) {
    logger.error("a slot did not fire", metadata: ["task_id": "\(submission.message.id)", "error": "\(error)"])
  }

  /// Remembers together; where another leader was faster with one of them, one by one, and that one is looked at again.
  private func remember(_ firings: [Firing], _ book: inout ScheduleBook, at now: Int64) async throws {
    guard !firings.isEmpty else { return }
    let writes = try firings.map { firing in
      DocumentWrite(machineKey(firing.name), try RawJSONEncoder().encode(firing.machine), expecting: firing.version)
    }
    switch try await documents.write(writes) {
    case .written(let versions):
      for (firing, version) in zip(firings, versions) {
        book.remember(firing.name, ScheduleBook.Memory(machine: firing.machine, version: version), at: now)
      }
    case .conflict where firings.count == 1:
      book.remember(firings[0].name, nil, at: now)
    case .conflict:
      for firing in firings { try await remember([firing], &book, at: now) }
    }
  }
}
