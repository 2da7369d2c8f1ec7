import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension Platform {
  /// `/v1/schedules` and everything below
  var scheduleRoutes: [Route] {
    [listSchedules, createSchedule, previewSchedule, showSchedule, replaceSchedule, deleteSchedule, runSchedule]
      + [
        toggle("pause", "Holds a schedule back; slots that come meanwhile never fire") { definition, _ in
          definition.pause()
        },
        toggle("resume", "Lets a schedule fire again, from the next slot on") { definition, now in
          definition.resume(at: now)
        },
      ]
  }

  private var listSchedules: Route {
    Route(
      .get, "/v1/schedules", operationID: "listSchedules", summary: "All schedules", tag: "schedules",
      scope: .permission("schedules:read"), headers: [.ifNoneMatch],
      responses: [.ok(200, "All schedules", "ScheduleList", headers: [.etag]), .notModified]
    ) { request, environment in
      let schedules = try await ScheduleShelf(request, environment).all()
      var writer = JSONWriter(reservingCapacity: 1024)
      writer.beginObject()
      writer.member(
        "schedules",
        array: { writer in for schedule in schedules { schedule.write(to: &writer, at: environment.time.now) } })
      writer.endObject()
      return .tagged(writer.finish(), request)
    }
  }

  private var showSchedule: Route {
    Route(
      .get, "/v1/schedules/{name}", operationID: "showSchedule", summary: "A schedule", tag: "schedules",
      scope: .permission("schedules:read"), pathParameters: ["name": Self.scheduleName], headers: [.ifNoneMatch],
      responses: [.ok(200, "The schedule", "Schedule", headers: [.etag]), .notModified, Self.noSchedule]
    ) { request, environment in
      let schedule = try await ScheduleShelf(request, environment).schedule(request.parameters["name"] ?? "")
      let body = schedule.json(at: environment.time.now)
      return .tagged(body, request, by: schedule.tag(body))
    }
  }

  private func toggle(
    _ verb: String, _ summary: String, _ change: @escaping @Sendable (inout ScheduleDefinition, Timestamp) -> Void
  ) -> Route {
    Route(
      .post, PathTemplate("/v1/schedules/{name}:" + verb), operationID: verb + "Schedule", summary: summary,
      tag: "schedules", scope: .permission("schedules:write"), pathParameters: ["name": Self.scheduleName],
      responses: [
        .ok(200, "The schedule as it is now", "Schedule", headers: [.etag]), Self.noSchedule,
        .problem(409, "conflict"),
      ]
    ) { request, environment in
      let now = environment.time.now
      let shelf = ScheduleShelf(request, environment)
      let schedule = try await shelf.change(request.parameters["name"] ?? "", if: nil) { old in
        var definition = old.definition
        change(&definition, now)
        return definition
      }
      return Self.answer(200, schedule, at: now)
    }
  }

  private var runSchedule: Route {
    Route(
      .post, "/v1/schedules/{name}:run", operationID: "runSchedule", summary: "Submits a schedule's task at once",
      details: "Whether it is paused plays no role, and its slots go on as if nothing had happened.",
      tag: "schedules", scope: .permission("schedules:write"), pathParameters: ["name": Self.scheduleName],
      headers: Route.Parameter.submissionFields,
      responses: [
        .ok(202, "Accepted: it is on disk and will be run", "Accepted", headers: [.location, .retryAfter, .replayed]),
        .problem(400, "invalid-idempotency-key"), Self.noSchedule, .problem(422, "idempotency-key-reused"),
      ]
    ) { [estimate] request, environment in
      let key = try IdempotencyField.text(of: request)
      let schedule = try await ScheduleShelf(request, environment).schedule(request.parameters["name"] ?? "")
      let definition = schedule.definition
      var message = TaskMessage(
        id: TaskID(stored: environment.tasks.ids.next()), task: definition.task, queue: definition.queue,
        args: definition.args, kwargs: definition.kwargs, tenant: request.tenant, priority: definition.priority)
      message.extras.take(request)
      let submission = Submission(
        message, idempotency: key.map { IdempotencyField.key($0, body: .string("schedule:" + schedule.name)) })
      let outlook = await SubmissionOutlook(message, estimate, environment)
      return try await AcceptedTask.submit([submission], environment)[0].get().response(outlook: outlook)
    }
  }
}

extension Platform {
  static let scheduleName = Route.Parameter(
    "name", JSONSchema(.string, example: .string("monday-interest"), minimumLength: 1, maximumLength: 200),
    "The schedule's name")
  static let noSchedule = Route.Response.problem(404, "unknown-schedule")

  /// A schedule as an answer to a change.
  static func answer(
    _ status: Int, _ schedule: StoredSchedule, at now: Timestamp, headers: [(name: String, value: String)] = []
  ) -> RouteResponse {
    let body = schedule.json(at: now)
    return .json(status, body, headers: headers + [("ETag", schedule.tag(body).text)])
  }
}
