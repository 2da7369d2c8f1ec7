import CelerityRoutes

/// The platform's own routes and what they share.
struct Platform: Sendable {
  let settings: GatewaySettings
  let known: KnownTasks
  let health: HealthMonitor
  let streams: EventHub
  let metrics: (any MetricsRenderer)?
  let documentation: Documentation
  let keys = KeysInFlight()
  let estimate = WaitEstimate()

  /// All of them.
  var routes: [Route] {
    let limited =
      (service + tasks + queueRoutes + workerRoutes + deadRoutes + [listAlerts] + kindRoutes + scheduleRoutes
      + eventRoutes).map {
        $0.limited(to: settings.limits.maximumBodyBytes)
      }
    return (limited + [bulkSubmit]).map { $0.withCommonRefusals() }
  }

  /// Those of a role that serves no requests of clients: is it well, and what has it done.
  var probeRoutes: [Route] {
    (healthRoutes + metricsRoutes).map { $0.limited(to: settings.limits.maximumBodyBytes).withCommonRefusals() }
  }

  private var service: [Route] { [index] + healthRoutes + metricsRoutes + documentationRoutes }
  private var tasks: [Route] {
    [submitTask, listTasks, showTask, taskResult, taskLogs, explainTask, cancelTask, retryTask]
  }
}
