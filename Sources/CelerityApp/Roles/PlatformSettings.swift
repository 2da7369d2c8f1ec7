import CelerityCore
import CelerityGateway
import CelerityRoutes
import CelerityScheduler
import CelerityTasks
import CelerityWorker

/// From settings to what each part is told at its start.
struct PlatformSettings {
  let resolved: ResolvedSettings
  let engine: EngineChoice
  /// The services that were chosen.
  let services: [any ServiceDefinition]
  let tenant: Tenant
  let host: HostName

  /// Throws what no single setting shows to be wrong.
  init(
    _ resolved: ResolvedSettings, services all: [any ServiceDefinition], host: HostName = .current
  ) throws(UsageError) {
    self.resolved = resolved
    self.host = host
    engine = try EngineChoice(resolved)
    services = try Self.selected(all, resolved[Settings.services])
    guard let tenant = Tenant(resolved[Settings.tenant]) else {
      throw UsageError("'\(resolved[Settings.tenant])' can't name a tenant", hint: "use 1 to 63 of a-z 0-9 - _")
    }
    // One with a tenant before it would be another tenant's queue on Redis.
    for name in resolved[Settings.queues] + resolved[Settings.excludedQueues] where !QueueKey.isLegal(name: name) {
      throw UsageError("'\(name)' can't name a queue", hint: "use 1 to 200 bytes without control characters and /")
    }
    self.tenant = tenant
    _ = try TelemetryChoice(resolved)
  }

  private static func selected(
    _ services: [any ServiceDefinition], _ names: [String]
  ) throws(UsageError) -> [any ServiceDefinition] {
    let known = services.map { type(of: $0).name }
    for name in names where !known.contains(name) {
      let guess = closestMatch(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
      throw UsageError("there is no service '\(name)'\(guess)", hint: "services: \(known.joined(separator: ", "))")
    }
    return names.isEmpty ? services : services.filter { names.contains(type(of: $0).name) }
  }

  /// Whether other processes use the store, too.
  private var isShared: Bool { if case .sqlite = engine { false } else { true } }

  /// The queues a worker takes from: those that were asked for, or those of all known tasks, where clients that name none
  /// send their tasks, ours and Celery's; without those that are excluded.
  func queues(_ registry: TaskRegistry) -> [String] {
    let asked = resolved[Settings.queues]
    let own = Set(registry.names.compactMap { registry[$0]?.options.queue } + ["default", "celery"])
    let excluded = resolved[Settings.excludedQueues]
    return (asked.isEmpty ? own.sorted() : asked).filter { !excluded.contains($0) }
  }

  func worker(_ registry: TaskRegistry) -> WorkerConfiguration {
    WorkerConfiguration(
      name: host.workerName(resolved[Settings.workerName]), queues: queues(registry),
      concurrency: SlotChoice(resolved).count,
      lease: resolved[Settings.lease], grace: resolved[Settings.grace], claimAhead: resolved[Settings.claimAhead],
      // A worker that nobody else sees has nobody to tell.
      announceEvery: .seconds(isShared ? 10 : 30), successRetention: resolved[Settings.keepSuccess],
      hostname: host.name, version: celerityVersion)
  }

  var gateway: GatewaySettings {
    var limits = GatewayLimits()
    limits.maximumBodyBytes = resolved[Settings.maximumBody]
    limits.maximumBulkBodyBytes = resolved[Settings.maximumBulkBody]
    // A body that is allowed must also find room.
    limits.maximumBufferedBytes = max(
      limits.maximumBufferedBytes, limits.maximumBodyBytes, limits.maximumBulkBodyBytes)
    limits.maximumStreams = resolved[Settings.maximumStreams]
    let single = resolved[Settings.services]
    return GatewaySettings(
      host: resolved[Settings.host], port: resolved[Settings.port], tenant: tenant, version: celerityVersion,
      externalTasks: Set(resolved[Settings.externalTasks]), allowedHosts: Set(resolved[Settings.allowedHosts]),
      rootService: single.count == 1 ? single[0] : nil,
      limits: limits, logsRequests: resolved[Settings.logAccess])
  }

  /// The page of a process without a gateway, if it is to have one.
  var page: GatewaySettings? {
    let port = resolved[Settings.healthPort]
    guard port != 0 else { return nil }
    var page = GatewaySettings(port: port, tenant: tenant, version: celerityVersion, servesProbesOnly: true)
    page.limits.maximumConnections = 64
    return page
  }

  /// How long a scheduler leads without saying so again. Nobody else can open a file, so there no standby is kept waiting.
  var leadership: Duration { .seconds(isShared ? 15 : 90) }

  var scheduler: SchedulerConfiguration {
    SchedulerConfiguration(
      holder: "\(host.name):\(host.process)",
      leadership: leadership,
      retention: Retention(
        success: resolved[Settings.keepSuccess], failure: resolved[Settings.keepFailure],
        tombstone: resolved[Settings.keepTombstone]), tenant: tenant)
  }

  /// Whether services may keep what can be made again.
  var usesCache: Bool { resolved[Settings.cacheEnabled] }

  /// What services' own settings are set to.
  var values: ServiceSettingValues {
    let own = services.flatMap(\.settings)
    return ServiceSettingValues(
      Dictionary(own.map { ($0.name, addressed(resolved[Setting($0)])) }) { first, _ in first })
  }

  /// A value with the address of this process's gateway in the place of `{gateway}`. A process without one can't know where
  /// others are.
  private func addressed(_ value: AnyServiceSettingValue) -> AnyServiceSettingValue {
    guard case .text(let text) = value, !isShared, resolved[Settings.port] != 0 else { return value }
    let host = resolved[Settings.host]
    let address = "http://\(host.contains(":") ? "[\(host)]" : host):\(resolved[Settings.port])"
    return .text(text.replacing("{gateway}", with: address))
  }

  var server: ServerIdentity {
    ServerIdentity(id: host.serverName(resolved[Settings.serverID]), version: celerityVersion)
  }
}
