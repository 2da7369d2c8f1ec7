import CelerityCore
import CelerityJSON
import CelerityRoutes

/// What a leader knows of the definitions and of what was fired, as read from the store last. A value: reading and
/// writing are done by those who own it.
struct ScheduleBook {
  /// What is remembered of a definition's firings, as it stands in the store; version 0 when nothing is.
  struct Memory {
    var machine: PeriodicMachine?
    var version: Int64
  }

  /// One definition.
  struct Line {
    var definition: ScheduleDefinition
    /// What was read, so that what has not changed is not decoded again.
    let value: RawJSON
    var memory: Memory?
    /// When it is due: its first slot that has not fired, or at once when what is remembered is missing or does not hold;
    /// `nil` for never.
    fileprivate(set) var next: Int64?

    fileprivate mutating func reckon(at now: Int64) {
      if definition.isPaused {
        next = nil
      } else if let machine = memory?.machine, machine.holds(for: definition.schedule, at: now) {
        next = machine.pending(definition.schedule, at: now, since: definition.activeSince.wholeSeconds)
      } else {
        next = now
      }
    }
  }

  private(set) var lines: [String: Line] = [:]
  /// What is wrong with documents, so that it is said once.
  private var faults: [String: String] = [:]

  /// Names of those that may have something to fire or to remember, in order.
  func due(at now: Int64) -> [String] {
    lines.filter { _, line in
      guard let next = line.next else { return false }
      return next <= now || line.memory?.machine?.isFarAhead(of: now) ?? true
    }.keys.sorted()
  }

  /// When the next one is due, if any is known to be.
  var next: Int64? { lines.values.compactMap(\.next).min() }

  // MARK: Reading

  /// Takes over what the store holds under a name; answers what is wrong with it, when that is new.
  mutating func read(_ name: String, _ document: Document?, at now: Int64) -> String? {
    guard let document else {
      lines[name] = nil
      faults[name] = nil
      return nil
    }
    if lines[name]?.value == document.value { return nil }
    do {
      var line = Line(definition: try Self.definition(name, document.value), value: document.value)
      line.memory = lines[name]?.memory
      line.reckon(at: now)
      lines[name] = line
      faults[name] = nil
      return nil
    } catch {
      lines[name] = nil
      defer { faults[name] = "\(error)" }
      return faults[name] == "\(error)" ? nil : "\(error)"
    }
  }

  private static func definition(
    _ name: String, _ value: RawJSON
  ) throws(ScheduleDefinitionError) -> ScheduleDefinition {
    let definition = try ScheduleDefinition(document: value)
    guard ScheduleDefinition.isLegal(name: name) else {
      throw ScheduleDefinitionError([.init(pointer: "/name", detail: "can't name a schedule")])
    }
    return definition
  }

  /// Forgets those that are not among the names the store holds; answers their names.
  mutating func keep(_ names: Set<String>) -> [String] {
    let gone = Set(lines.keys).union(faults.keys).subtracting(names)
    for name in gone { (lines[name], faults[name]) = (nil, nil) }
    return gone.sorted()
  }

  /// Takes over what is remembered of a definition, read or written at a time.
  mutating func remember(_ name: String, _ memory: Memory?, at now: Int64) {
    lines[name]?.memory = memory
    lines[name]?.reckon(at: now)
  }
}
