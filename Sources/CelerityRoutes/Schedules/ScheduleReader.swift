import CelerityCore
import CelerityCron
import CelerityJSON

/// Reads the members of a definition and gathers all that is wrong with them. A member that is `null` counts as left out.
struct ScheduleReader {
  var issues: [RouteError.Issue] = []
  private var members: [String: RawJSON] = [:]
  private let isObject: Bool

  /// How many issues are told, and for how many of them a name is guessed: what a request costs must not grow with what
  /// is wrong with it.
  private static let (issueLimit, guessLimit) = (50, 10)

  init(_ value: RawJSON, known: [String], refusesOthers: Bool) {
    let all = value.members()
    isObject = all != nil
    if all == nil { issues.append(RouteError.Issue(pointer: "", detail: "must be an object")) }
    for member in all ?? [] {
      if known.contains(member.name) {
        if !member.value.isNull { members[member.name] = member.value }
      } else if refusesOthers {
        let guess = issues.count < Self.guessLimit ? closestMatch(to: member.name, among: known) : nil
        refuse(member.name, "is no known field" + (guess.map { "; did you mean '\($0)'?" } ?? ""))
      }
    }
  }

  mutating func refuse(_ name: String, _ detail: String) {
    guard issues.count < Self.issueLimit else { return }
    // RFC 6901, 3: `~` and `/` are escaped inside a pointer.
    let escaped = name.map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
    issues.append(RouteError.Issue(pointer: "/" + escaped, detail: detail))
  }

  /// Says that a member is missing, unless it is there and something is wrong with it, or there are no members at all.
  mutating func require(_ name: String) {
    if members[name] == nil, isObject { refuse(name, "is missing") }
  }

  mutating func text(_ name: String) -> String? {
    guard let value = members[name] else { return nil }
    if value.stringValue == nil { refuse(name, "must be a string") }
    return value.stringValue
  }

  private mutating func value(_ name: String, _ kind: RawJSON.Kind, _ expected: String) -> RawJSON? {
    guard let value = members[name] else { return nil }
    if value.kind != kind { refuse(name, "must be \(expected)") }
    return value.kind == kind ? value : nil
  }

  /// The definition; throws when anything was refused.
  mutating func definition(
    source: ScheduleDefinition.Source, activeSince: Timestamp, queue queueOfTask: (String) -> String?
  ) throws(ScheduleDefinitionError) -> ScheduleDefinition {
    let schedule = schedule()
    let task = text("task")
    require("task")
    let args = value("args", .array, "an array") ?? .emptyArray
    let kwargs = value("kwargs", .object, "an object") ?? .emptyObject
    let queue = text("queue") ?? task.flatMap(queueOfTask) ?? "default"
    let priority = priority()
    let isPaused = value("paused", .boolean, "true or false")?.boolValue ?? false
    let definition = ScheduleDefinition(
      unchecked: schedule ?? .interval(seconds: 1), task: task ?? "?", args: args, kwargs: kwargs, queue: queue,
      priority: priority, isPaused: isPaused, source: source, activeSince: activeSince)
    issues += definition.issues
    if !issues.isEmpty { throw ScheduleDefinitionError(issues) }
    return definition
  }

  private mutating func schedule() -> Schedule? {
    var zone = CronZone.utc
    if let name = text("timezone") {
      do {
        zone = try CronZone(name)
      } catch {
        refuse("timezone", Self.sentence(error))
      }
    }
    require("schedule")
    guard let text = text("schedule") else { return nil }
    do {
      return try Schedule(text, zone: zone)
    } catch {
      refuse("schedule", Self.sentence(error))
      return nil
    }
  }

  private static func sentence(_ error: CronError) -> String { "can't be read: \(error)" }

  private mutating func priority() -> Priority? {
    guard let value = members["priority"] else { return nil }
    let priority = value.int64Value.flatMap { Int(exactly: $0) }.flatMap { Priority($0) }
    if priority == nil { refuse("priority", "must be an integer from 0 to 9") }
    return priority
  }
}
