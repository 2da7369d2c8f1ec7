import CelerityCore
import CelerityObservability
import CelerityPrograms
import CelerityTasks
import Logging
import ServiceLifecycle

/// What the platform lends services, and what keeps it going. It starts first and stops last: what running tasks still record
/// and raise must arrive.
struct LentResources: Service {
  let resources: ServiceResources
  /// Where points go, if anywhere.
  let sink: (any TelemetrySink)?
  private let pipes: [TelemetryPipe]
  private let webhook: AlertWebhook?
  private let programs: LimitedPrograms
  private let programDirectory: String
  private let logger: Logger
  private let figures: TaskPoints?

  /// Lends a store and what is around it. `worker` is the name of the worker in this process, if there is one.
  init(
    _ settings: PlatformSettings, store: any Store, cache: any CacheStore, worker: String?, metrics: MetricsRegistry,
    time: any TimeSource, logger: Logger
  ) throws(UsageError) {
    let resolved = settings.resolved
    let web = HTTPWebClient()
    programDirectory = resolved[Settings.data] + "/programs"
    programs = LimitedPrograms(
      directory: programDirectory, path: SettingOptions.environment()["PATH"], time: time, logger: logger)
    let hook = resolved[Settings.alertWebhook]
    webhook = hook.isEmpty ? nil : AlertWebhook(hook, web: web, time: time, logger: logger)
    pipes = try TelemetryChoice(resolved).pipes(web, metrics, time, logger)
    sink = pipes.isEmpty ? nil : EachSink(pipes)
    if let sink, let worker { figures = TaskPoints(sink, worker: worker, time: time) } else { figures = nil }
    self.logger = logger
    resources = ServiceResources(
      documents: store, blobs: store, cache: cache, telemetry: sink ?? DiscardedTelemetry(),
      alerts: AlertDesk(
        folder: Settings.reportFolder(resolved), documents: store, tenant: settings.tenant,
        bound: resolved[Settings.alertsKept], webhook: webhook, logger: logger),
      web: web, programs: programs, settings: settings.values, time: time)
  }

  /// What writes a worker's figures as points, where somebody watches.
  var telemetry: (any WorkerTelemetry)? { figures }

  func run() async throws {
    await clearAway()
    await withTaskGroup(of: Void.self) { group in
      for pipe in pipes { group.addTask { await pipe.run() } }
      if let webhook { group.addTask { await webhook.run() } }
      if let figures { group.addTask { await figures.run() } }
      try? await gracefulShutdown()
      figures?.close()
      webhook?.close()
      for pipe in pipes { pipe.close() }
      await group.waitForAll()
    }
    await programs.close()
  }

  /// What programs of a process that died have left behind.
  private func clearAway() async {
    guard FileStatus(programDirectory) != nil else { return }
    do {
      try await programs.prepare()
    } catch {
      logger.warning("what programs have left is not cleared away", metadata: ["error": "\(error)"])
    }
  }
}

/// One word in the log of what starts and stops, not all that is lent.
extension LentResources: CustomStringConvertible {
  var description: String { "what services are lent" }
}
