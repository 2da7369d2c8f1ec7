import CelerityCore
import CelerityCron
import CelerityJSON
import CelerityRoutes

extension Platform {
  /// `GET /v1/schedules:next`
  var previewSchedule: Route {
    Route(
      .get, "/v1/schedules:next", operationID: "previewSchedule", summary: "When a schedule would fire",
      details: "Nothing is stored. Slots of an interval are counted from `after`.", tag: "schedules",
      scope: .permission("schedules:read"),
      parameters: [
        Route.Parameter(
          "schedule", JSONSchema(.string, example: .string("0 6 * * 1 Europe/Berlin"), maximumLength: 1024),
          "`every 30s`, a crontab with or without a zone, `@daily`, or `at` a moment", isRequired: true),
        Route.Parameter("timezone", JSONSchema(.string), "Zone of a crontab that names none; UTC without it"),
        Route.Parameter(
          "count", JSONSchema(.integer, defaultValue: .integer(5), minimum: 1, maximum: 100), "Moments at most"),
        Route.Parameter("after", JSONSchema(.string, format: "date-time"), "Moments behind this one; now without it"),
      ],
      responses: [
        .ok(200, "The moments", "SchedulePreview"), .problem(400, "invalid-parameter"),
        .problem(422, "invalid-schedule"),
      ]
    ) { request, environment in
      let schedule = try Self.schedule(request)
      let count = try request.integerParameter("count", 1...100) ?? 5
      let after = try Self.after(request) ?? environment.time.now
      var writer = JSONWriter(reservingCapacity: 512)
      writer.beginObject()
      writer.member("schedule", schedule.description)
      writer.member("description", schedule.words)
      writer.member("timezone", schedule.zoneName)
      writer.member(
        "next",
        array: { writer in
          for moment in Self.moments(schedule, after: after.wholeSeconds, count) {
            writer.string(Timestamp(seconds: moment).rfc3339)
          }
        })
      writer.endObject()
      return .json(200, writer.finish())
    }
  }

  private static func schedule(_ request: RouteRequest) throws(RouteError) -> Schedule {
    guard let text = try request.queryValue("schedule") else {
      throw .invalidParameter("schedule", "is missing", hint: "schedule=every 30s, or schedule=0 4 * * 1")
    }
    do {
      let zone = try request.queryValue("timezone").map { (name) throws(CronError) in try CronZone(name) } ?? .utc
      return try Schedule(text, zone: zone)
    } catch let error as CronError {
      throw RouteError(
        422, "invalid-schedule", "the schedule can't be read: \(error.message), at character \(error.position + 1)",
        hint: error.hint)
    } catch let error as RouteError {
      throw error
    } catch {
      throw RouteError(422, "invalid-schedule", "the schedule can't be read")
    }
  }

  private static func after(_ request: RouteRequest) throws(RouteError) -> Timestamp? {
    guard let text = try request.queryValue("after") else { return nil }
    guard let moment = Timestamp(text) else {
      throw .invalidParameter("after", "must be a time of RFC 3339, such as 2030-01-31T12:00:00Z")
    }
    return moment
  }

  private static func moments(_ schedule: Schedule, after start: Int64, _ count: Int) -> [Int64] {
    var moments: [Int64] = []
    var last = start
    while moments.count < count, let next = schedule.next(after: last, anchor: start) {
      moments.append(next)
      last = next
    }
    return moments
  }
}
