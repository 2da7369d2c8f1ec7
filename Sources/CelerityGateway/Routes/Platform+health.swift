import CelerityCore
import CelerityJSON
import CelerityRoutes

extension Platform {
  /// Answers from memory. None of them asks the store while somebody waits, but for `/readyz`, which waits a moment for
  /// news when what is known is old.
  var healthRoutes: [Route] {
    [
      Route(
        .get, "/health", operationID: "health", summary: "Whether the parts behind the gateway are connected",
        tag: "health", responses: [.ok(200, "The parts, also when some are not connected", "Health")]
      ) { [health] _, environment in
        .json(200, Self.healthView(health.snapshot, at: environment.time.now))
      },
      probe("/livez", "livez", "Whether the process lives") { _ in [] },
      probe("/healthz", "healthz", "The same as /livez, under its older name") { _ in [] },
      probe("/readyz", "readyz", "Whether the gateway can take work") { health in
        let seen = await health.recent()
        return [HealthCheck("engine", seen.isEngineConnected), HealthCheck("shutdown", !seen.isShuttingDown)]
      },
      probe("/startupz", "startupz", "Whether the gateway has started") { health in
        [HealthCheck("startup", health.snapshot.checked != nil)]
      },
    ]
  }

  private static func healthView(_ seen: HealthMonitor.Snapshot, at now: Timestamp) -> RawJSON {
    let parts = [("engine", seen.isEngineConnected), ("workers", seen.workers > 0)]
    var writer = JSONWriter(reservingCapacity: 160)
    writer.beginObject()
    writer.member("status", parts.allSatisfy(\.1) ? "healthy" : "degraded")
    writer.member("timestamp", now.rfc3339)
    writer.member(
      "services",
      object: { writer in
        for (name, isConnected) in parts { writer.member(name, isConnected ? "connected" : "disconnected") }
      })
    writer.endObject()
    return writer.finish()
  }

  /// A probe in the form of Kubernetes' API server: 200 `ok` or 503, with `?verbose` a line for each check, and without
  /// those that `?exclude` names; JSON when `Accept` asks for it.
  private func probe(
    _ path: PathTemplate, _ name: String, _ summary: String,
    checks: @escaping @Sendable (HealthMonitor) async -> [HealthCheck]
  ) -> Route {
    Route(
      .get, path, operationID: name, summary: summary,
      details: "JSON with every check when `Accept` asks for it; else text, in which a failure names its checks.",
      tag: "health",
      parameters: [
        Route.Parameter("verbose", JSONSchema(.string), "Lists the checks line by line"),
        Route.Parameter("exclude", JSONSchema(.string), "A check that is not to count; may be repeated"),
      ],
      responses: Self.probeAnswers(200, "It is so") + Self.probeAnswers(503, "It is not")
        + [.problem(400, "invalid-parameter")]
    ) { [health] request, _ in
      let isVerbose = try request.queryValue("verbose") != nil
      let excluded = request.query.filter { $0.name == "exclude" }.map(\.value)
      let report = try ProbeReport(name, [HealthCheck("ping", true)] + (await checks(health)), excluding: excluded)
      let status = report.isGood ? 200 : 503
      var answer =
        AcceptField(request.headers["accept"]).best(of: Self.probeForms) == 1
        ? RouteResponse.json(status, report.json)
        : .text(status, isVerbose || !report.isGood ? report.lines : "ok")
      answer.headers.append(("Vary", "Accept"))
      return answer
    }
  }

  private static let probeForms = [
    AcceptField.Offer(mediaType: "text/plain"), AcceptField.Offer(mediaType: "application/json"),
  ]

  private static func probeAnswers(_ status: Int, _ description: String) -> [Route.Response] {
    [
      Route.Response(status, description, JSONSchema(.string), contentType: "text/plain; charset=utf-8"),
      .ok(status, description, "Probe"),
    ]
  }
}
