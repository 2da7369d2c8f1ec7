import CelerityCore
import CelerityJSON
import CelerityRoutes

/// The body of `POST /v1/tasks`, read and checked as far as that is possible without knowing the task.
struct TaskRequest: Sendable {
  /// What the body may hold.
  static let fields = callFields + ["key", "tags", "chain", "group", "chord"]
  /// What says which task is called and how.
  static let callFields = [
    "task", "args", "kwargs", "queue", "priority", "countdown", "eta", "expires", "retries", "time_limit",
    "soft_time_limit", "link", "link_error",
  ]

  var task = ""
  var args = RawJSON.emptyArray
  var kwargs = RawJSON.emptyObject
  var queue: String?
  var priority: Priority?
  var eta: Timestamp?
  /// What `eta` was given as, which counts anew where the task is sent later.
  var countdown: Duration?
  /// What `expires` was given as.
  var lifetime: Duration?
  var expires: Timestamp?
  var retries: Int?
  var timeLimit: Duration?
  var softTimeLimit: Duration?
  var key: String?
  var tags: [String]?
  var links: [Signature]?
  var errorLinks: [Signature]?
  /// Tasks that it names besides its own.
  var called: [CalledTask] = []

  /// Reads a body; throws 422 with every issue found.
  init(_ body: RawJSON, at now: Timestamp) throws(RouteError) {
    var reader = FieldReader(body, known: Self.fields)
    if reader.isObject, !reader.has("task") { reader.refuse("task", "is missing") }
    read(&reader, now)
    try reader.finish()
  }

  /// Nothing asked for yet.
  init() {}

  /// Reads what an object asks for.
  mutating func read(_ reader: inout FieldReader, _ now: Timestamp) {
    readCall(&reader)
    readTimes(&reader, now)
    readExtras(&reader, now)
  }

  private mutating func readCall(_ reader: inout FieldReader) {
    task = reader.string("task", bytes: 1...255) ?? ""
    args = reader.value("args", .array, "an array") ?? .emptyArray
    kwargs = reader.value("kwargs", .object, "an object") ?? .emptyObject
    queue = reader.string("queue", bytes: 1...200)
    if let queue, !QueueKey.isLegal(name: queue) {
      reader.refuse("queue", "must have no control characters and no '/'")
    }
    priority = reader.integer("priority", 0...9).flatMap { Priority($0) }
  }

  private mutating func readTimes(_ reader: inout FieldReader, _ now: Timestamp) {
    eta = reader.moment("eta")
    countdown = reader.seconds("countdown", isZeroLegal: true)
    if let countdown { eta = now + countdown }
    if reader.has("countdown"), reader.has("eta") { reader.refuse("eta", "can't be given together with countdown") }
    if reader["expires"]?.kind == .string {
      expires = reader.moment("expires")
    } else {
      lifetime = reader.seconds("expires")
      if let lifetime { expires = now + lifetime }
    }
    timeLimit = reader.seconds("time_limit")
    softTimeLimit = reader.seconds("soft_time_limit")
    if let timeLimit, let softTimeLimit, softTimeLimit > timeLimit {
      reader.refuse("soft_time_limit", "must not be longer than time_limit")
    }
  }

  private mutating func readExtras(_ reader: inout FieldReader, _ now: Timestamp) {
    retries = reader.integer("retries", 0...10_000)
    key = reader.string("key", bytes: 1...255)
    tags = Self.tags(&reader)
    var steps = StepReader(now: now)
    links = steps.links("link", &reader)
    errorLinks = steps.links("link_error", &reader)
    called = steps.called
  }

  static func tags(_ reader: inout FieldReader) -> [String]? {
    guard let elements = reader.value("tags", .array, "an array of strings")?.elements() else { return nil }
    let tags = elements.compactMap(\.stringValue).filter { (1...100).contains($0.utf8.count) }
    guard tags.count == elements.count, tags.count <= 32 else {
      reader.refuse("tags", "must be at most 32 strings of 1 to 100 bytes")
      return nil
    }
    return tags
  }
}
