import CelerityCore
import CelerityJSON
import CeleryWire
import Logging
import NIOCore
import RESPClient
import Synchronization

extension CeleryPeer {
  /// Until when an answer waits for its client.
  private static let replyKept = Duration.seconds(30)
  /// Most delayed tasks that are shown of a queue.
  private static let mostScheduled = 200

  /// Answers a command and does what it says, first the latter: who has the answer may rely on it.
  func obey(_ envelope: Envelope) async {
    let request: ControlRequest
    do {
      request = try ControlRequest(envelope)
    } catch {
      return logger.debug("a remote control command can't be read", metadata: ["error": "\(error)"])
    }
    state.withLock { state in
      _ = state.clock.forward()
      state.mailboxClock.adjust(to: request.clock)
    }
    guard request.isMeant(for: configuration.name) else { return }
    if let id = request.arguments["id"]?.stringValue, request.method == "election" {
      // At once, before anything is looked at: a Python worker that has heard of no second candidate dies.
      await stand(
        for: id, topic: request.arguments["topic"]?.stringValue ?? "", action: request.arguments["action"] ?? .null)
    }
    let answer = ControlDesk(await view(for: request)).answer(request)
    for action in answer.actions where action != .stop { await perform(action) }
    if let reply = answer.reply { await send(reply, to: request) }
    if answer.actions.contains(.stop) {
      logger.notice("told to stop by remote control")
      desk.stop()
    }
  }

  private func send(_ reply: RawJSON, to request: ControlRequest) async {
    let clock = state.withLock { $0.mailboxClock.forward() }
    guard let envelope = request.reply(reply, from: configuration.name, clock: clock) else { return }
    do {
      try await ReplyScript.script.run(
        on: client, keys: [],
        [
          .text(names.prefix), .text(envelope.exchange), .text(envelope.routingKey),
          .bytes(ByteBuffer(bytes: envelope.bytes(deliveryTag: store.ids.next()))),
          .number(Self.replyKept.microseconds / 1000),
        ])
    } catch {
      if Task.isCancelled { return }
      logger.warning(
        "could not answer a remote control command", metadata: ["command": "\(request.method)", "error": "\(error)"])
    }
  }

  // MARK: What there is to know

  private func view(for request: ControlRequest) async -> WorkerView {
    let report = desk.report()
    let (clock, revoked) = state.withLock { state in
      (
        request.method == "hello" ? state.clock.forward() : state.clock.value,
        ControlDesk.showsRevoked(request.method) ? state.revoked.names : []
      )
    }
    var view = WorkerView(
      report: report, now: time.now, clock: clock, totals: outbox.totals, revoked: revoked,
      sendsTaskEvents: outbox.isOn, settings: configuration.settings, broker: broker, usage: ProcessFacts.usage)
    if ControlDesk.looksUp(request.method) { await lookUp(request, &view) }
    return view
  }

  private var broker: BrokerInfo {
    let endpoint = store.configuration.endpoint
    var info = BrokerInfo(
      hostname: "localhost", port: 6379, user: endpoint.user, database: String(endpoint.database),
      isSecure: endpoint.tls != nil, transport: endpoint.tls == nil ? "redis" : "rediss")
    switch endpoint.place {
    case .host(let host, let port): (info.hostname, info.port) = (host, port)
    case .socket(let path): (info.hostname, info.transport) = (path, "socket")
    case .sentinels(let sentinels, _):
      (info.hostname, info.port, info.transport) = (sentinels.first?.host, sentinels.first?.port, "sentinel")
    }
    return info
  }

  /// Delayed tasks wait in the store: a command that asks for them asks it.
  private func lookUp(_ request: ControlRequest, _ view: inout WorkerView) async {
    do throws(EngineError) {
      if request.method == "query_task" {
        let held = Set(view.report.held.map(\.message.id.text))
        let ids = request.arguments.texts("ids").filter { !held.contains($0) }.prefix(1000)
        let records = try await store.records(ids.compactMap { TaskID($0) }.map { TaskKey($0) })
        for case .found(let record) in records where record.phase == .delayed {
          view.waiting[record.message.id.text] = record.message
        }
      } else {
        view.scheduled = try await scheduled(view.report.queues)
      }
    } catch {
      logger.warning("could not look up delayed tasks", metadata: ["error": "\(error)"])
    }
  }

  private func scheduled(_ queues: [String]) async throws(EngineError) -> [TaskMessage] {
    let replies = try await client.engineReplies(
      queues.map { queue in
        RESPCommand("ZRANGE", .text(store.keys.delayed(QueueKey(queue))), 0, .number(Self.mostScheduled - 1))
      })
    let keys = replies.flatMap { $0.elements ?? [] }.compactMap { $0.string.flatMap { TaskKey(stored: $0) } }
    return try await store.records(keys).compactMap(\.record).filter { $0.phase == .delayed }.map { record in
      var message = record.message
      message.eta = record.due ?? message.eta
      return message
    }
  }
}
