public import CelerityCore
public import CelerityCron
public import CelerityJSON

/// A schedule entry as it is kept in the document store, under its name: everybody can read it there, and what a person
/// changes holds from the next slot on, without a restart.
///
/// Each field is fit to be stored and fired: every way to make one checks them.
public struct ScheduleDefinition: Sendable, Hashable {
  /// Where definitions are kept. What was fired is kept apart, in `PeriodicMachine.collection`.
  public static let collection = "schedule_entries"

  /// Who wrote a definition, and may change or delete it.
  public enum Source: Sendable, Hashable {
    /// A person or program, through the API.
    case api
    /// A service by name, in its code: the scheduler publishes these, and withdraws them with the service.
    case service(String)
  }

  public private(set) var schedule: Schedule
  public private(set) var task: String
  public private(set) var args: RawJSON
  public private(set) var kwargs: RawJSON
  public private(set) var queue: String
  public private(set) var priority: Priority?
  /// Whether it is held back: slots that come meanwhile never fire.
  public private(set) var isPaused: Bool
  public private(set) var source: Source
  /// Slots at or before this moment do not fire: when it was made, got another schedule, or was resumed.
  public private(set) var activeSince: Timestamp

  /// The definition of an entry. Throws with everything that makes it unfit.
  public init(_ entry: ScheduleEntry, source: Source, at now: Timestamp) throws(ScheduleDefinitionError) {
    self.init(
      unchecked: entry.schedule, task: entry.task, args: entry.args, kwargs: entry.kwargs, queue: entry.queue,
      priority: entry.priority, source: source, activeSince: now)
    let issues = Self.issues(ofName: entry.name) + issues
    if !issues.isEmpty { throw ScheduleDefinitionError(issues) }
  }

  init(
    unchecked schedule: Schedule, task: String, args: RawJSON, kwargs: RawJSON, queue: String, priority: Priority?,
    isPaused: Bool = false, source: Source, activeSince: Timestamp
  ) {
    self.schedule = schedule
    self.task = task
    self.args = args
    self.kwargs = kwargs
    self.queue = queue
    self.priority = priority
    self.isPaused = isPaused
    self.source = source
    self.activeSince = activeSince
  }

  /// The entry under a name.
  public func entry(named name: String) -> ScheduleEntry {
    ScheduleEntry(name, schedule, task: task, args: args, kwargs: kwargs, queue: queue, priority: priority)
  }
}

// MARK: Changes

extension ScheduleDefinition {
  /// Holds it back.
  public mutating func pause() { isPaused = true }

  /// Lets it fire again, from the next slot on; what was missed meanwhile stays missed.
  public mutating func resume(at now: Timestamp) {
    guard isPaused else { return }
    isPaused = false
    activeSince = now
  }

  /// This definition in place of an older one: the same schedule goes on, another one starts anew.
  public func replacing(_ old: ScheduleDefinition, keepingPause: Bool) -> ScheduleDefinition {
    var new = self
    if keepingPause { new.isPaused = old.isPaused }
    let isResumed = old.isPaused && !new.isPaused
    if new.schedule == old.schedule, !isResumed { new.activeSince = old.activeSince }
    return new
  }
}

// MARK: Keys

extension ScheduleDefinition {
  /// The key of a definition.
  public static func key(_ name: String, tenant: Tenant) -> DocumentKey {
    DocumentKey(collection, name, tenant: tenant)
  }

  /// What deletes a definition, together with what is remembered of its firings; for one `DocumentStore.write`.
  public static func deletion(of name: String, tenant: Tenant, expecting version: Int64? = nil) -> [DocumentWrite] {
    [
      DocumentWrite(key(name, tenant: tenant), nil, expecting: version),
      DocumentWrite(PeriodicMachine.key(name, tenant: tenant), nil),
    ]
  }

  /// Id of the task that a slot submits: whoever fires a slot again adds nothing.
  public static func taskID(_ name: String, slot: Int64) -> TaskID { TaskID(stored: "schedule:\(name):\(slot)") }

  /// The next slot after a moment, given what is remembered of its firings; `nil` when there is none or it is paused.
  public func next(after now: Timestamp, _ machine: PeriodicMachine?) -> Timestamp? {
    if isPaused { return nil }
    let machine =
      machine.flatMap { $0.holds(for: schedule, at: now.wholeSeconds) ? $0 : nil }
      ?? PeriodicMachine(schedule, since: activeSince.wholeSeconds, seen: now.wholeSeconds)
    return machine.next(schedule, after: now.wholeSeconds, since: activeSince.wholeSeconds).map(
      Timestamp.init(seconds:))
  }
}

extension ScheduleDefinition.Source: CustomStringConvertible {
  /// `api` or `service:NAME`.
  public var description: String {
    switch self {
    case .api: "api"
    case .service(let name): "service:\(name)"
    }
  }

  /// Reads what `description` writes.
  public init?(_ text: String) {
    if text == "api" {
      self = .api
    } else if text.hasPrefix("service:"), text.utf8.count > 8 {
      self = .service(String(text.dropFirst(8)))
    } else {
      return nil
    }
  }
}
