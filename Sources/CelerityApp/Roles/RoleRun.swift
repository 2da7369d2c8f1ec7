import CelerityCore
import CelerityGateway
import CelerityRoutes
import CelerityTasks
import CelerityWorker
import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Runs some of the platform's parts in this process, in the foreground, until a signal ends them: all of them for
/// `celerity dev`, one for `celerity serve`, `worker` and `scheduler`.
struct RoleRun {
  let roles: RoleSet
  let settings: ResolvedSettings
  let services: [any ServiceDefinition]
  let logger: Logger
  /// What a person is told about his options before the start.
  var notes: [String] = []

  private var voice: RoleVoice { RoleVoice(settings, logger) }

  /// Throws a refusal when a role of its own is to work on a file: that has one owner.
  static func refuseFile(_ verb: String, _ settings: ResolvedSettings) throws {
    guard case .sqlite(let path) = try EngineChoice(settings) else { return }
    throw UsageError(
      "\(path) has one owner, the process 'celerity dev', so '\(verb)' can't work on it",
      hint: "start Redis and say --engine redis://127.0.0.1:6379/0, or run everything in one process: celerity dev")
  }

  func run() async throws {
    for note in notes { logger.notice("\(note)") }
    if roles.contains(.worker) { warnOfSlots(SlotChoice(settings)) }
    let platform = try await Platform(roles, settings, services: services, logger: logger)
    do {
      try await serve(platform)
    } catch {
      await platform.opened.close()
      throw error
    }
    await platform.opened.close()
    voice.say("stopped; everything accepted is in \(platform.opened.place)")
  }

  private func warnOfSlots(_ slots: SlotChoice) {
    guard let warning = slots.warning else { return }
    logger.warning(
      "\(warning)", metadata: ["worker.concurrency": "\(slots.count)", "cores": "\(slots.cores)"])
  }

  private func serve(_ platform: Platform) async throws {
    var configuration = ServiceGroupConfiguration(
      services: platform.services.map { .init(service: $0) }, logger: logger)
    configuration.maximumGracefulShutdownDuration = settings[Settings.grace] + .seconds(30)
    let group = ServiceGroup(configuration: configuration)
    // Before anybody is told that it is ready: a signal that comes then must find who obeys it.
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        await SignalLadder(group: group, worker: platform.worker, voice: voice, hasten: platform.opened.hasten)
          .run(signals, orders: platform.stopOrders)
      }
      tasks.addTask { try await announce(platform) }
      try await group.run()
      tasks.cancelAll()
    }
  }

  /// Says that it is ready; where there is a gateway, once it answers requests.
  private func announce(_ platform: Platform) async throws {
    var address: String?
    if let gateway = platform.gateway {
      guard let port = try? await gateway.boundPort else { return }
      let host = roles.contains(.gateway) ? settings[Settings.host] : "127.0.0.1"
      address = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
    voice.ready(Banner(platform, address: address, startupSeconds: ProcessAge.seconds()))
  }
}

/// What signals do: the first finishes what runs, the second hands it back, the third ends the process. Each says what
/// the next one will do. An order to stop is the first one, if no signal has come before it.
private final class SignalLadder: Sendable {
  private let group: ServiceGroup
  private let worker: Worker?
  private let voice: RoleVoice
  private let hasten: (@Sendable () -> Void)?
  private let steps = Mutex(0)

  init(group: ServiceGroup, worker: Worker?, voice: RoleVoice, hasten: (@Sendable () -> Void)?) {
    self.group = group
    self.worker = worker
    self.voice = voice
    self.hasten = hasten
  }

  func run(_ signals: UnixSignalsSequence, orders: AsyncStream<Void>) async {
    await withTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        for await _ in signals { await self.climb() }
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
    switch (step, worker) {
    case (1, _):
      let running = worker?.running ?? 0
      voice.say(
        running == 0
          ? "stopping"
          : "stopping: waiting for \(running) running task\(running == 1 ? "" : "s"); once more to hand back at once")
      hasten?()
      await group.triggerGracefulShutdown()
    case (2, let worker?):
      voice.say("handing back running tasks; once more to end without waiting")
      worker.stopNow()
    default:
      ConsoleLine.end(status: 130)
    }
  }
}
