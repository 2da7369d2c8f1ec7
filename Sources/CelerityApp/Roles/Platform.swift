import CelerityCore
import CelerityGateway
import CelerityObservability
import CelerityRoutes
import CelerityScheduler
import CelerityTasks
import CelerityWorker
import Logging
import SQLiteEngine
import ServiceLifecycle

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The parts of `celerity dev`, built from settings: the only place that knows concrete types.
struct Platform {
  let settings: ResolvedSettings
  let services: [any ServiceDefinition]
  let registry: TaskRegistry
  let store: SQLiteStore
  let worker: Worker
  let gateway: Gateway
  let scheduler: Scheduler
  let path: String
  let concurrency: Int
  /// Yields when somebody orders the worker to stop, which here ends the process.
  let stopOrders: AsyncStream<Void>

  /// Opens the store and builds the parts; nothing runs yet.
  init(_ settings: ResolvedSettings, services all: [any ServiceDefinition], logger: Logger) async throws {
    self.settings = settings
    services = try Self.selected(all, settings[Settings.services])
    registry = try TaskRegistry(services.flatMap(\.tasks))
    path = try Self.storePath(settings)
    concurrency = Self.concurrency(settings)
    let time = SystemTime()
    store = try await SQLiteStore.open(Self.storeConfiguration(settings, path: path, time: time))
    let ids = UUIDv7(time: time)
    let metrics = MetricsRegistry()
    let counted = CountedStore(store, metrics, host: Self.hostname())
    let waiter = RecordWaiter(store: store, time: time)
    let client = TaskClient(engine: counted, records: store, waiter: waiter, ids: ids, time: time)
    let environment = ServiceEnvironment(
      tasks: client, documents: store, blobs: store, presence: store, progress: store, changes: store,
      statistics: store, orders: store, time: time, settings: Self.values(settings, services),
      server: Self.server(settings))
    let (stopOrders, stop) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.stopOrders = stopOrders
    let configuration = Self.workerConfiguration(settings, registry, concurrency)
    worker = Worker(
      configuration, registry: registry, store: counted, ids: ids, time: time, logger: logger,
      telemetry: TaskMetrics(metrics, worker: configuration.name), onStop: { stop.yield() })
    gateway = try Gateway(
      settings: Self.gatewaySettings(settings), environment: environment, registry: registry, services: services,
      telemetry: GatewayMetrics(metrics), metrics: MetricsPage(metrics, time: time), logger: logger)
    scheduler = Scheduler(
      try Self.schedulerConfiguration(settings), store: counted,
      entries: Dictionary(services.map { (type(of: $0).name, $0.schedules) }) { $0 + $1 }, ids: ids, time: time,
      logger: logger)
    collect(into: metrics, time)
  }

  /// Has the parts asked for what they know when somebody reads the metrics.
  private func collect(into metrics: MetricsRegistry, _ time: any TimeSource) {
    metrics.add(ProcessCollector(version: celerityVersion, time: time))
    metrics.add(StoreCollector(store, time: time))
    metrics.add(
      PlatformCollector(
        gateway: gateway, worker: worker, name: Self.workerConfiguration(settings, registry, concurrency).name,
        path: path))
  }

  /// In the order of their start; they stop in reverse: first nothing more comes in, then what runs is finished.
  var parts: [any Service] { [scheduler, worker, gateway] }

  // MARK: Settings to configurations

  private static func selected(
    _ services: [any ServiceDefinition], _ names: [String]
  ) throws -> [any ServiceDefinition] {
    let known = services.map { type(of: $0).name }
    for name in names where !known.contains(name) {
      let guess = closestMatch(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
      throw UsageError("there is no service '\(name)'\(guess)", hint: "services: \(known.joined(separator: ", "))")
    }
    return names.isEmpty ? services : services.filter { names.contains(type(of: $0).name) }
  }

  /// The SQLite file, in a data directory that nobody else may read.
  static func storePath(_ settings: ResolvedSettings) throws -> String {
    let engine = settings[Settings.engine]
    if engine.isEmpty {
      let directory = settings[Settings.data]
      guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
        throw UsageError(
          "can't make the data directory \(directory): \(String(cString: strerror(errno)))",
          hint: "name another with --data")
      }
      return directory + "/celerity.db"
    }
    guard engine.hasPrefix("sqlite:"), engine.count > 7 else {
      throw UsageError("the engine '\(SecretText.masked(engine))' is not available", hint: "use --engine sqlite:PATH")
    }
    return String(engine.dropFirst(7))
  }

  private static func storeConfiguration(
    _ settings: ResolvedSettings, path: String, time: any TimeSource
  ) -> SQLiteConfiguration {
    SQLiteConfiguration(
      path: path, durability: settings[Settings.durability] == "relaxed" ? .relaxed : .durable,
      lifecycle: LifecyclePolicy(crashBudget: settings[Settings.crashBudget]),
      rank: PriorityRank(step: settings[Settings.ageing]), time: time)
  }

  private static func concurrency(_ settings: ResolvedSettings) -> Int {
    let asked = settings[Settings.concurrency]
    return asked > 0 ? asked : max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  private static func workerConfiguration(
    _ settings: ResolvedSettings, _ registry: TaskRegistry, _ concurrency: Int
  ) -> WorkerConfiguration {
    let asked = settings[Settings.queues]
    let own = Set(registry.names.compactMap { registry[$0]?.options.queue } + ["default"])
    let host = hostname()
    return WorkerConfiguration(
      name: settings[Settings.workerName].replacing("%h", with: host), queues: asked.isEmpty ? own.sorted() : asked,
      concurrency: concurrency, lease: settings[Settings.lease], grace: settings[Settings.grace],
      announceEvery: .seconds(30),
      hostname: host,
      version: celerityVersion)
  }

  private static func tenant(_ settings: ResolvedSettings) throws -> Tenant {
    guard let tenant = Tenant(settings[Settings.tenant]) else {
      throw UsageError("'\(settings[Settings.tenant])' can't name a tenant", hint: "use 1 to 63 of a-z 0-9 - _")
    }
    return tenant
  }

  private static func gatewaySettings(_ settings: ResolvedSettings) throws -> GatewaySettings {
    var limits = GatewayLimits()
    limits.maximumBodyBytes = settings[Settings.maximumBody]
    limits.maximumBulkBodyBytes = settings[Settings.maximumBulkBody]
    // A body that is allowed must also find room.
    limits.maximumBufferedBytes = max(
      limits.maximumBufferedBytes, limits.maximumBodyBytes, limits.maximumBulkBodyBytes)
    limits.maximumStreams = settings[Settings.maximumStreams]
    let single = settings[Settings.services]
    return GatewaySettings(
      host: settings[Settings.host], port: settings[Settings.port], tenant: try tenant(settings),
      version: celerityVersion,
      externalTasks: Set(settings[Settings.externalTasks]), rootService: single.count == 1 ? single[0] : nil,
      limits: limits, logsRequests: settings[Settings.logAccess])
  }

  private static func schedulerConfiguration(_ settings: ResolvedSettings) throws -> SchedulerConfiguration {
    SchedulerConfiguration(
      holder: "\(hostname()):\(getpid())",
      // Nobody else can open the file, so there is no standby to keep waiting.
      leadership: .seconds(90),
      retention: Retention(
        success: settings[Settings.keepSuccess], failure: settings[Settings.keepFailure],
        tombstone: settings[Settings.keepTombstone]), tenant: try tenant(settings))
  }

  private static func values(
    _ settings: ResolvedSettings, _ services: [any ServiceDefinition]
  ) -> ServiceSettingValues {
    let own = services.flatMap(\.settings)
    return ServiceSettingValues(Dictionary(own.map { ($0.name, settings[Setting($0)]) }) { first, _ in first })
  }

  private static func server(_ settings: ResolvedSettings) -> ServerIdentity {
    let id = settings[Settings.serverID].replacing("%h", with: hostname()).replacing("%p", with: String(getpid()))
    return ServerIdentity(id: id, version: celerityVersion)
  }

  private static func hostname() -> String {
    var name = utsname()
    guard uname(&name) == 0 else { return "localhost" }
    return withUnsafeBytes(of: name.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

/// Something the caller got wrong: answered with what to type instead, exit code 2.
struct UsageError: Error, CustomStringConvertible {
  var message: String
  var hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  var description: String { message }
}

/// The version every part reports.
let celerityVersion = "0.1.0"
