import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `POST /v1/dead:redrive`
  var redriveMany: Route {
    many("redrive", "Runs dead letters again", { .redrive($0) })
  }

  /// `POST /v1/dead:discard`
  var discardMany: Route {
    many("discard", "Forgets dead letters", { .discard($0) })
  }

  private func many(
    _ verb: String, _ summary: String, _ command: @escaping @Sendable (TaskKey) -> ControlCommand
  ) -> Route {
    Route(
      .post, PathTemplate("/v1/dead:" + verb), operationID: verb + "ManyDead", summary: summary,
      details: """
        Names them by `ids`, or by a filter of `q`, `task`, `queue` and `reason`. At most 1,000 are touched, or `limit`, \
        newest first and all in one transaction; `has_more` says that a filter would find others.
        """,
      tag: "dead", scope: .permission("tasks:write"), request: .component("DeadSelection"),
      requestExample: .object([("reason", .string("failed")), ("limit", .integer(100))]),
      responses: [
        .ok(200, "How many were touched", "DeadResult"), .problem(400, "malformed-json"),
        .problem(422, "invalid-request", "unknown-field", "invalid-query"),
      ]
    ) { request, environment in
      let selection = try DeadSelection(try request.json(), request, environment.time)
      var result = DeadResult()
      let keys = try await selection.keys(environment, &result)
      if !keys.isEmpty {
        let outcomes = try await environment.tasks.engine.control(keys.map(command))
        for (key, outcome) in zip(keys, outcomes) { result.note(outcome, key) }
      }
      return .json(200, result.json)
    }
  }
}

/// What became of dead letters.
private struct DeadResult {
  var affected = 0
  var hasMore = false
  private var refused: [(id: String, code: String)] = []

  mutating func refuse(_ id: String, _ code: String) { refused.append((id, code)) }

  mutating func note(_ outcome: ControlResult, _ key: TaskKey) {
    switch outcome {
    case .done: affected += 1
    case .refused: refuse(key.id.text, "not-dead")
    case .unknown: refuse(key.id.text, "unknown-task-id")
    }
  }

  var json: RawJSON {
    var writer = JSONWriter(reservingCapacity: 256)
    writer.beginObject()
    writer.member("affected", affected)
    writer.member(
      "refused",
      array: { writer in
        for (id, code) in refused {
          writer.beginObject()
          writer.member("id", id)
          writer.member("code", code)
          writer.endObject()
        }
      })
    writer.member("has_more", hasMore)
    writer.endObject()
    return writer.finish()
  }
}

extension DeadSelection {
  /// The dead letters that are meant; what else was named is noted as refused.
  fileprivate func keys(
    _ environment: ServiceEnvironment, _ result: inout DeadResult
  ) async throws(EngineError) -> [TaskKey] {
    guard let ids else { return try await found(environment, &result) }
    var seen: Set<TaskID> = []
    let keys = ids.map(TaskID.init(stored:)).filter { seen.insert($0).inserted }.map {
      TaskKey($0, tenant: query.tenant)
    }
    var dead: [TaskKey] = []
    // A few at a time: a record may be large, and only its key is needed.
    for start in stride(from: 0, to: keys.count, by: RecordListing.pageLimit) {
      let some = Array(keys[start..<min(start + RecordListing.pageLimit, keys.count)])
      for (key, lookup) in zip(some, try await environment.tasks.records.records(some)) {
        switch lookup {
        case .found(let record) where record.isDeadLetter: dead.append(key)
        case .found: result.refuse(key.id.text, "not-dead")
        case .expired: result.refuse(key.id.text, "result-expired")
        case .unknown: result.refuse(key.id.text, "unknown-task-id")
        }
      }
    }
    return dead
  }

  private func found(
    _ environment: ServiceEnvironment, _ result: inout DeadResult
  ) async throws(EngineError) -> [TaskKey] {
    var query = query
    var keys: [TaskKey] = []
    repeat {
      query.limit = min(RecordListing.pageLimit, most - keys.count)
      let page = try await environment.tasks.records.list(query)
      keys += page.records.map(\.key)
      query.cursor = page.next
    } while query.cursor != nil && keys.count < most
    result.hasMore = query.cursor != nil
    return keys
  }
}
