import CelerityCore
public import CelerityRoutes
public import CelerityTasks
import HummingbirdCore
public import Logging
public import ServiceLifecycle

/// The HTTP API as a service: listens, turns requests into calls of routes and their answers into HTTP.
///
/// Without keys only this machine is served, so another address than a loopback one is refused. While it runs it also
/// feeds the environment's `RecordWaiter`, which its waiting requests need. A graceful shutdown ends waiting requests
/// with what is known then, lets running ones finish and returns.
public struct Gateway: Service {
  private let settings: GatewaySettings
  private let address: LoopbackAddress
  private let pipeline: RequestPipeline
  private let health: HealthMonitor
  private let streams: EventHub
  private let connections = ConnectionCount()
  private let waiter: RecordWaiter
  private let port = PortAnnouncement()
  private let logger: Logger

  /// A gateway in front of a store, with the routes of services. It tells `telemetry` of its requests and serves what
  /// `metrics` writes.
  public init(
    settings: GatewaySettings = GatewaySettings(), environment: ServiceEnvironment, registry: TaskRegistry,
    services: [any ServiceDefinition] = [], telemetry: (any GatewayTelemetry)? = nil,
    metrics: (any MetricsRenderer)? = nil, logger: Logger
  ) throws(GatewayError) {
    guard let address = LoopbackAddress(settings.host) else {
      throw GatewayError(
        .notLoopback, "the gateway serves only this machine and can't listen on '\(settings.host)'",
        hint: "without keys anybody who reaches the port could run tasks; use 127.0.0.1 or ::1")
    }
    health = HealthMonitor(
      presence: environment.presence, store: environment.tasks.records, time: environment.time)
    streams = EventHub(
      EventHub.Limits(streams: settings.limits.maximumStreams, heartbeat: settings.limits.streamHeartbeat),
      feed: environment.changes, time: environment.time, logger: logger)
    let documentation = Documentation(version: settings.version, registry: registry)
    let platform = Platform(
      settings: settings,
      known: KnownTasks(
        registry: registry, external: settings.externalTasks, presence: environment.presence, time: environment.time),
      health: health, streams: streams, metrics: metrics, documentation: documentation)
    let catalog = try Self.catalog(platform, services, settings)
    documentation.describe(catalog)
    pipeline = RequestPipeline(
      settings: settings, catalog: catalog, environment: environment, logger: logger,
      room: BufferRoom(bytes: settings.limits.maximumBufferedBytes),
      observer: RequestObserver(
        logs: settings.logsRequests, telemetry: telemetry, time: environment.time, logger: logger))
    self.settings = settings
    self.address = address
    self.logger = logger
    waiter = environment.tasks.waiter
  }

  private static func catalog(
    _ platform: Platform, _ services: [any ServiceDefinition], _ settings: GatewaySettings
  ) throws(GatewayError) -> RouteCatalog {
    do {
      return try RouteCatalog(
        platform: settings.servesProbesOnly ? platform.probeRoutes : platform.routes,
        services: services.map { service in
          (type(of: service).name, service.routes.map { $0.limited(to: settings.limits.maximumBodyBytes) })
        },
        rootService: settings.rootService)
    } catch {
      throw GatewayError(.routeConflict, "\(error)", hint: "give one of the routes another path")
    }
  }

  /// How many connections are open.
  public var openConnections: Int { connections.value }

  /// How many streams of events are open.
  public var openStreams: Int { streams.openStreams }

  /// The port it listens on, once it does. Throws when it never will.
  public var boundPort: Int {
    get async throws(GatewayError) { try await port.outcome.get() }
  }

  /// Serves until the surrounding group shuts down or the task is cancelled. May be called once.
  public func run() async throws {
    defer { port.decide(.failure(GatewayError(.stopped, "the gateway ended before it listened"))) }
    await health.refresh()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await health.run() }
      if !settings.servesProbesOnly {
        group.addTask { await waiter.run() }
        group.addTask { await streams.run() }
      }
      try await serve()
      group.cancelAll()
    }
  }

  private func serve() async throws {
    let server = HTTPServer(
      address: address, port: settings.port, limits: settings.limits, connections: connections, logger: logger)
    do {
      try await withGracefulShutdownHandler {
        try await server.run(pipeline) { port.decide(.success($0)) }
      } onGracefulShutdown: {
        health.beginShutdown()
        waiter.endWaits()
      }
    } catch {
      guard let cause = HTTPServer.bindFailure(error) else { throw error }
      let failure = GatewayError(
        .bindFailed, "can't listen on \(address.text):\(settings.port): \(cause)",
        hint: "another process may use the port; choose one with --port")
      port.decide(.failure(failure))
      throw failure
    }
  }
}

/// One line in the log of what starts and stops, not every route there is.
extension Gateway: CustomStringConvertible {
  public var description: String { "gateway on \(settings.host):\(settings.port)" }
}
