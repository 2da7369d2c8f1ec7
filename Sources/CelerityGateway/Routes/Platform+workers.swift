import CelerityCore
import CelerityRoutes

extension Platform {
  /// `GET /v1/workers`
  var listWorkers: Route {
    Route(
      .get, "/v1/workers", operationID: "listWorkers", summary: "Workers that are there now", tag: "workers",
      scope: .permission("workers:read"), responses: [.ok(200, "All workers", "WorkerList")]
    ) { _, environment in
      let workers = try await environment.presence.workers().sorted { $0.name < $1.name }
      return .json(200, WorkerView.list(workers))
    }
  }
}
