public import CelerityCore
import CelerityCron
public import CelerityJSON

extension ScheduleDefinition: Codable {
  /// The document's members.
  private enum Field {
    static let stored = [
      "schedule", "task", "args", "kwargs", "queue", "priority", "paused", "source", "active_since",
    ]
    static let asked = ["name", "schedule", "timezone", "task", "args", "kwargs", "queue", "priority", "paused"]
  }

  private enum CodingKeys: String, CodingKey {
    case schedule, task, args, kwargs, queue, priority
    case isPaused = "paused"
    case source
    case activeSince = "active_since"
  }

  /// Writes it as a document, through `RawJSONEncoder`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(schedule.description, forKey: .schedule)
    try container.encode(task, forKey: .task)
    try container.encode(args, forKey: .args)
    try container.encode(kwargs, forKey: .kwargs)
    try container.encode(queue, forKey: .queue)
    try container.encode(priority?.value, forKey: .priority)
    try container.encode(isPaused, forKey: .isPaused)
    try container.encode(source.description, forKey: .source)
    try container.encode(activeSince.rfc3339, forKey: .activeSince)
  }

  /// Reads a document, through `RawJSONDecoder`; members it does not know are left alone.
  public init(from decoder: any Decoder) throws {
    do {
      try self.init(document: RawJSON(from: decoder))
    } catch let error as ScheduleDefinitionError {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "\(error)"))
    }
  }

  /// Reads a document's value. Throws with everything that makes it unfit.
  public init(document value: RawJSON) throws(ScheduleDefinitionError) {
    var reader = ScheduleReader(value, known: Field.stored, refusesOthers: false)
    let source = reader.text("source").map { Source($0) } ?? .api
    if source == nil { reader.refuse("source", "must be 'api' or 'service:NAME'") }
    let since = reader.text("active_since").map { Timestamp($0) } ?? Timestamp(microseconds: 0)
    if since == nil { reader.refuse("active_since", "must be a moment in RFC 3339") }
    self = try reader.definition(
      source: source ?? .api, activeSince: since ?? Timestamp(microseconds: 0), queue: { _ in nil })
  }

  /// The value to store.
  public var document: RawJSON {
    get throws { try RawJSONEncoder().encode(self) }
  }

  /// Reads what a client asks for: `name`, `schedule`, `timezone`, `task`, `args`, `kwargs`, `queue`, `priority`,
  /// `paused`; all but `schedule` and `task` may be left out. Throws with everything that is wrong, unknown members too.
  ///
  /// - Parameter queue: the queue of a task whose request names none.
  public static func asked(
    _ body: RawJSON, requiresName: Bool, at now: Timestamp, queue: (_ task: String) -> String? = { _ in nil }
  ) throws(ScheduleDefinitionError) -> (name: String?, definition: ScheduleDefinition) {
    var reader = ScheduleReader(body, known: Field.asked, refusesOthers: true)
    let name = reader.text("name")
    if let name {
      reader.issues += issues(ofName: name)
    } else if requiresName {
      reader.require("name")
    }
    let definition = try reader.definition(source: .api, activeSince: now, queue: queue)
    let slots = PeriodicMachine(definition.schedule, since: now.wholeSeconds, seen: now.wholeSeconds)
    if slots.next(definition.schedule, after: now.wholeSeconds) == nil {
      throw ScheduleDefinitionError([.init(pointer: "/schedule", detail: "lies in the past: it would never fire")])
    }
    return (name, definition)
  }
}
