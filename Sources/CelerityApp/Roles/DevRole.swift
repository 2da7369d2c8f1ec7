import CelerityCore
import CelerityGateway
import CelerityRoutes
import CelerityTasks
import CelerityWorker
import Logging
import SQLiteEngine
import ServiceLifecycle
import Synchronization
import UnixSignals

/// `celerity dev`: everything in one process on the embedded store, in the foreground.
struct DevRole {
  let settings: ResolvedSettings
  let services: [any ServiceDefinition]
  let logger: Logger

  func run() async throws {
    let platform = try await Platform(settings, services: services, logger: logger)
    do {
      try await serve(platform)
    } catch {
      await platform.store.close()
      throw error
    }
    await platform.store.close()
    ConsoleLine.write("stopped; everything accepted is in \(platform.path)")
  }

  private func serve(_ platform: Platform) async throws {
    var configuration = ServiceGroupConfiguration(
      services: platform.parts.map { .init(service: $0) }, logger: logger)
    configuration.maximumGracefulShutdownDuration = platform.settings[Settings.grace] + .seconds(30)
    let group = ServiceGroup(configuration: configuration)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { await SignalLadder(group: group, worker: platform.worker).run(orders: platform.stopOrders) }
      tasks.addTask { try await announce(platform) }
      try await group.run()
      tasks.cancelAll()
    }
  }

  /// Prints the banner once requests are answered.
  private func announce(_ platform: Platform) async throws {
    guard let port = try? await platform.gateway.boundPort else { return }
    let host = settings[Settings.host]
    let banner = Banner(
      version: celerityVersion, address: "http://\(host.contains(":") ? "[\(host)]" : host):\(port)",
      dataDirectory: platform.path, durability: settings[Settings.durability], concurrency: platform.concurrency,
      tasks: platform.registry.names, startupSeconds: ProcessAge.seconds())
    ConsoleLine.write(banner.text)
  }
}

/// What signals do: the first finishes what runs, the second hands it back, the third ends the process. Each says what
/// the next one will do. An order to stop is the first one, if no signal has come before it.
private final class SignalLadder: Sendable {
  private let group: ServiceGroup
  private let worker: Worker
  private let steps = Mutex(0)

  init(group: ServiceGroup, worker: Worker) {
    self.group = group
    self.worker = worker
  }

  func run(orders: AsyncStream<Void>) async {
    await withTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { await self.climb() }
      }
      tasks.addTask {
        for await _ in orders where self.steps.withLock({ $0 == 0 }) { await self.climb() }
      }
    }
  }

  private func climb() async {
    let step = steps.withLock { steps in
      steps += 1
      return steps
    }
    switch step {
    case 1:
      let running = worker.running
      ConsoleLine.write(
        running == 0
          ? "stopping"
          : "stopping: waiting for \(running) running task\(running == 1 ? "" : "s"); once more to hand back at once")
      await group.triggerGracefulShutdown()
    case 2:
      ConsoleLine.write("handing back running tasks; once more to end without waiting")
      worker.stopNow()
    default:
      ConsoleLine.end(status: 130)
    }
  }
}
