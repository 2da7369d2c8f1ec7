import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `POST /v1/schedules`
  var createSchedule: Route {
    Route(
      .post, "/v1/schedules", operationID: "createSchedule", summary: "Adds a schedule",
      details: "Its first slot is the next one after now. The scheduler takes it up within five seconds.",
      tag: "schedules", scope: .permission("schedules:write"), request: .component("ScheduleRequest"),
      requestExample: Self.scheduleExample(named: true),
      responses: [
        .ok(201, "Added", "Schedule", headers: [.location, .etag]), .problem(400, "malformed-json"),
        .problem(404, "unknown-task"), .problem(409, "schedule-exists"), Self.badSchedule,
      ]
    ) { [known] request, environment in
      let now = environment.time.now
      let (name, definition) = try await Self.asked(try request.json(), requiresName: true, known, at: now)
      guard let name, let schedule = try await ScheduleShelf(request, environment).add(name, definition) else {
        throw RouteError(
          409, "schedule-exists", "there is a schedule '\(name ?? "")' already",
          hint: "PUT /v1/schedules/\((name ?? "").percentEncoded) replaces it")
      }
      return Self.created(schedule, at: now)
    }
  }

  /// `PUT /v1/schedules/{name}`
  var replaceSchedule: Route {
    Route(
      .put, "/v1/schedules/{name}", operationID: "replaceSchedule", summary: "Replaces a schedule, or adds it",
      details: """
        What the body leaves out gets its default, but for `paused`, which stays as it is. The same schedule goes on \
        counting its slots; another one begins anew.
        """,
      tag: "schedules", scope: .permission("schedules:write"), pathParameters: ["name": Self.scheduleName],
      headers: [.ifMatch], request: .component("ScheduleReplacement"),
      requestExample: Self.scheduleExample(named: false),
      responses: [
        .ok(200, "Replaced", "Schedule", headers: [.etag]),
        .ok(201, "Added", "Schedule", headers: [.location, .etag]), .problem(400, "malformed-json"),
        .problem(404, "unknown-task"), .problem(409, "schedule-of-service", "conflict"),
        .problem(412, "precondition-failed"), Self.badSchedule,
      ]
    ) { [known] request, environment in
      let now = environment.time.now
      let body = try request.json()
      let name = try Self.name(request, body)
      let (_, definition) = try await Self.asked(body, requiresName: false, known, at: now)
      let shelf = ScheduleShelf(request, environment)
      let keepsPause = body["paused"].map(\.isNull) ?? true
      let (schedule, isNew) = try await shelf.put(name, definition, if: request.headers["if-match"]) { old in
        try Self.checkOwner(old)
        return definition.replacing(old.definition, keepingPause: keepsPause)
      }
      return isNew ? Self.created(schedule, at: now) : Self.answer(200, schedule, at: now)
    }
  }

  /// `DELETE /v1/schedules/{name}`
  var deleteSchedule: Route {
    Route(
      .delete, "/v1/schedules/{name}", operationID: "deleteSchedule", summary: "Deletes a schedule",
      details: "Tasks that it has submitted are not touched.", tag: "schedules",
      scope: .permission("schedules:write"), pathParameters: ["name": Self.scheduleName], headers: [.ifMatch],
      responses: [
        Route.Response(204, "It is gone"), Self.noSchedule, .problem(409, "schedule-of-service", "conflict"),
        .problem(412, "precondition-failed"),
      ]
    ) { request, environment in
      let shelf = ScheduleShelf(request, environment)
      try await shelf.delete(
        request.parameters["name"] ?? "", if: request.headers["if-match"], Self.checkOwner)
      return RouteResponse(204)
    }
  }
}

extension Platform {
  private static let badSchedule = Route.Response.problem(
    422, "invalid-schedule", "invalid-arguments", "invalid-request")

  private static func created(_ schedule: StoredSchedule, at now: Timestamp) -> RouteResponse {
    answer(
      201, schedule, at: now, headers: [("Location", "/v1/schedules/" + schedule.name.percentEncoded)])
  }

  /// Reads a definition and checks what it submits as a submission would be.
  private static func asked(
    _ body: RawJSON, requiresName: Bool, _ known: KnownTasks, at now: Timestamp
  ) async throws -> (name: String?, definition: ScheduleDefinition) {
    let asked: (name: String?, definition: ScheduleDefinition)
    do {
      asked = try ScheduleDefinition.asked(
        body, requiresName: requiresName, at: now, queue: { known.registry[$0]?.options.queue })
    } catch {
      throw RouteError(schedule: error)
    }
    let definition = asked.definition
    guard try await known.contains(definition.task) else { throw try await known.refusal(of: definition.task) }
    try known.registry[definition.task]?.check(args: definition.args, kwargs: definition.kwargs)
    return asked
  }

  /// The name in the path, which the body may repeat.
  private static func name(_ request: RouteRequest, _ body: RawJSON) throws(RouteError) -> String {
    let name = request.parameters["name"] ?? ""
    guard ScheduleDefinition.isLegal(name: name) else {
      throw RouteError(422, "invalid-schedule", "a schedule's name has 1 to 200 characters of A-Z a-z 0-9 . _ - :")
    }
    if let other = body["name"], !other.isNull, other.stringValue != name {
      throw RouteError(
        422, "invalid-schedule", "the body names another schedule than the path",
        issues: [RouteError.Issue(pointer: "/name", detail: "must be '\(name)' or left out")])
    }
    return name
  }

  /// What a service has in its code is not for clients to change.
  @Sendable private static func checkOwner(_ schedule: StoredSchedule) throws(RouteError) {
    guard case .service(let service) = schedule.definition.source else { return }
    throw RouteError(
      409, "schedule-of-service", "the schedule '\(schedule.name)' belongs to the service '\(service)'",
      hint: "it can be paused, resumed and run; its code says when it fires")
  }

  private static func scheduleExample(named: Bool) -> RawJSON {
    let members: [(String, RawJSON)] = [
      ("schedule", .string("0 6 * * 1")), ("timezone", .string("Europe/Berlin")),
      ("task", .string("finance.compound_interest")),
      ("kwargs", .object([("amount", .integer(10_000)), ("rate", .double(0.05) ?? .null)])),
    ]
    return .object((named ? [("name", .string("monday-interest"))] : []) + members)
  }
}
