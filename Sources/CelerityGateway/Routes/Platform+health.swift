import CelerityCore
import CelerityJSON
import CelerityRoutes

extension Platform {
  /// Answers from memory; none of them asks the store while somebody waits.
  var healthRoutes: [Route] {
    [
      Route(
        .get, "/health", operationID: "health", summary: "Whether the parts behind the gateway are connected",
        responses: [Route.Response(200, "The parts, also when some are not connected")]
      ) { [health] _, environment in
        .json(200, Self.healthView(health.snapshot, at: environment.time.now))
      },
      probe("/livez", "livez", "Whether the process lives") { _ in [] },
      probe("/readyz", "readyz", "Whether the gateway can take work") { seen in
        [("engine", seen.isEngineConnected), ("shutdown", !seen.isShuttingDown)]
      },
      probe("/startupz", "startupz", "Whether the gateway has started") { seen in [("startup", seen.checked != nil)] },
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

  /// A probe in the form of Kubernetes' API server: 200 `ok` or 503, with `?verbose` a line for each check.
  private func probe(
    _ path: PathTemplate, _ name: String, _ summary: String,
    checks: @escaping @Sendable (HealthMonitor.Snapshot) -> [(name: String, isGood: Bool)]
  ) -> Route {
    Route(
      .get, path, operationID: name, summary: summary,
      parameters: [Route.Parameter("verbose", JSONSchema(.string), "Lists the checks line by line")],
      responses: [
        Route.Response(200, "It is so", contentType: "text/plain"),
        Route.Response(503, "It is not", contentType: "text/plain"),
      ]
    ) { [health] request, _ in
      let results = [("ping", true)] + checks(health.snapshot)
      let isGood = results.allSatisfy(\.1)
      guard try request.queryValue("verbose") != nil || !isGood else { return .text(200, "ok") }
      let lines = results.map { $1 ? "[+]\($0) ok\n" : "[-]\($0) failed\n" }.joined()
      return .text(isGood ? 200 : 503, lines + "\(name) check \(isGood ? "passed" : "failed")\n")
    }
  }
}
