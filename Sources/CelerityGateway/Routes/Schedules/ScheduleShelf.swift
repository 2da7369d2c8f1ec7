import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// Reads and changes a tenant's schedules. Changes are made on a version: whoever was slower reads again, unless the
/// client said which version it means.
struct ScheduleShelf: Sendable {
  private let documents: any DocumentStore
  private let tenant: Tenant
  private static let batch = 500
  /// Times that a change is begun anew because another one was faster.
  private static let attempts = 100

  init(_ request: RouteRequest, _ environment: ServiceEnvironment) {
    documents = environment.resources.documents
    tenant = request.tenant
  }

  /// All of them, by name.
  func all() async throws(EngineError) -> [StoredSchedule] {
    var schedules: [StoredSchedule] = []
    var last: String?
    while true {
      let page = try await documents.documents(
        in: ScheduleDefinition.collection, of: tenant, prefix: "", after: last, limit: Self.batch)
      schedules += try await withMemories(page)
      guard page.count == Self.batch else { return schedules }
      last = page.last?.key.name
    }
  }

  /// One of them.
  func schedule(_ name: String) async throws -> StoredSchedule {
    if let found = try await find(name) { return found }
    var hint: String?
    if let guess = closestMatch(to: name, among: try await all().map(\.name)) { hint = "did you mean '\(guess)'?" }
    throw RouteError(
      404, "unknown-schedule", "there is no schedule '\(name)'", hint: hint ?? "GET /v1/schedules lists them")
  }

  /// One of them, if there is such a one.
  func find(_ name: String) async throws(EngineError) -> StoredSchedule? {
    guard ScheduleDefinition.isLegal(name: name) else { return nil }
    let found = try await documents.documents([key(name), PeriodicMachine.key(name, tenant: tenant)])
    return found[0].flatMap { StoredSchedule($0, found[1]) }
  }

  /// Adds one; `nil` when its name is taken.
  func add(_ name: String, _ definition: ScheduleDefinition) async throws -> StoredSchedule? {
    let write = DocumentWrite(key(name), try definition.document, expecting: 0)
    guard case .written(let versions) = try await documents.write([write]) else { return nil }
    return StoredSchedule(name, definition, version: versions[0])
  }

  /// Changes one. `condition` is an `If-Match` field.
  func change(
    _ name: String, if condition: String?, _ change: (StoredSchedule) throws -> ScheduleDefinition
  ) async throws -> StoredSchedule {
    try await repeated(name, if: condition) { old in try await replace(old, by: try change(old)) }
  }

  /// Changes one, or adds it where there is none, however often others add and delete it meanwhile.
  func put(
    _ name: String, _ definition: ScheduleDefinition, if condition: String?,
    _ change: (StoredSchedule) throws -> ScheduleDefinition
  ) async throws -> (schedule: StoredSchedule, isNew: Bool) {
    for _ in 0..<Self.attempts {
      if let old = try await find(name) {
        try Self.check(old, against: condition)
        if let changed = try await replace(old, by: try change(old)) { return (changed, false) }
      } else {
        if condition != nil { throw Self.preconditionFailed(name) }
        if let added = try await add(name, definition) { return (added, true) }
      }
    }
    throw Self.conflict(name)
  }

  /// `nil` when it has changed meanwhile.
  private func replace(_ old: StoredSchedule, by new: ScheduleDefinition) async throws -> StoredSchedule? {
    let write = DocumentWrite(key(old.name), try new.document, expecting: old.version)
    guard case .written(let versions) = try await documents.write([write]) else { return nil }
    return StoredSchedule(old.name, new, version: versions[0], machine: old.machine)
  }

  /// Deletes one, unless `check` objects.
  func delete(_ name: String, if condition: String?, _ check: (StoredSchedule) throws -> Void) async throws {
    try await repeated(name, if: condition) { old -> Void? in
      try check(old)
      let writes = ScheduleDefinition.deletion(of: name, tenant: tenant, expecting: old.version)
      guard case .written = try await documents.write(writes) else { return nil }
      return ()
    }
  }

  private func repeated<Result>(
    _ name: String, if condition: String?, _ attempt: (StoredSchedule) async throws -> Result?
  ) async throws -> Result {
    for _ in 0..<Self.attempts {
      let old = try await schedule(name)
      try Self.check(old, against: condition)
      if let result = try await attempt(old) { return result }
    }
    throw Self.conflict(name)
  }

  private static func check(_ old: StoredSchedule, against condition: String?) throws(RouteError) {
    if let condition, !EntityTag.isVersion(old.version, namedIn: condition) { throw preconditionFailed(old.name) }
  }

  private static func conflict(_ name: String) -> RouteError {
    RouteError(
      409, "conflict", "the schedule '\(name)' is being changed by others again and again", hint: "try again")
  }

  static func preconditionFailed(_ name: String) -> RouteError {
    RouteError(
      412, "precondition-failed", "the schedule '\(name)' is not as If-Match says",
      hint: "somebody changed it; GET it again and decide anew")
  }

  private func key(_ name: String) -> DocumentKey { ScheduleDefinition.key(name, tenant: tenant) }

  private func withMemories(_ page: [Document]) async throws(EngineError) -> [StoredSchedule] {
    let memories = try await documents.documents(page.map { PeriodicMachine.key($0.key.name, tenant: tenant) })
    return zip(page, memories).compactMap { StoredSchedule($0, $1) }
  }
}
