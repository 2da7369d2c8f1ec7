import CelerityRoutes

/// The platform's own routes and what they share.
struct Platform: Sendable {
  let settings: GatewaySettings
  let known: KnownTasks
  let health: HealthMonitor

  /// All of them.
  var routes: [Route] {
    [index, problemPage] + healthRoutes + queueRoutes + [listWorkers]
      + [submitTask, listTasks, showTask, taskResult, cancelTask]
  }
}
