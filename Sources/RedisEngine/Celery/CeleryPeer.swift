public import CelerityCore
import CelerityJSON
import CeleryWire
public import Logging
import NIOCore
import RESPClient
import Synchronization

/// Makes a worker a peer among Celery's: it says what becomes of its tasks and that it is alive, answers remote control, and
/// takes part in what workers say to each other. `celery status`, `inspect`, `control`, `events` and Flower can't tell it from a
/// Python worker.
///
/// It has connections of its own: an answer waits neither for tasks nor for what the store does.
public final class CeleryPeer: Sendable {
  struct State {
    /// Of the worker's events.
    var clock = EventClock()
    /// Of the mailbox, which follows the clients' and not the events'.
    var mailboxClock = EventClock()
    var elections = ElectionBook()
    /// Candidates that are still to be acknowledged, and not before when.
    var heardCandidates: [(election: String, due: Duration)] = []
    /// Workers that were heard of, and until when they count as alive.
    var alive: [String: Duration] = [:]
    /// Celery keeps 50,000 as well.
    var revoked = RecentNames(capacity: 50_000)
  }

  let configuration: CeleryPeerConfiguration
  let store: RedisStore
  let outbox: EventOutbox
  let desk: any WorkerDesk
  let time: any TimeSource
  let logger: Logger
  let client: RedisClient
  let names: FanoutNames
  let state = Mutex(State())

  /// Most events in one message, as Celery has it.
  private static let batch = 24
  private static let bindingsEvery = Duration.seconds(60)

  /// A peer for a worker on a store; `outbox` is what the worker tells of its attempts, `desk` is the worker.
  public init(
    _ configuration: CeleryPeerConfiguration, store: RedisStore, outbox: EventOutbox, desk: any WorkerDesk,
    time: any TimeSource = SystemTime(), logger: Logger = Logger(label: "celery")
  ) {
    self.configuration = configuration
    self.store = store
    self.outbox = outbox
    self.desk = desk
    self.time = time
    self.logger = logger
    let endpoint = store.configuration.endpoint
    names = FanoutNames(
      prefix: store.configuration.keyPrefix, database: endpoint.database, control: configuration.controlExchange,
      events: configuration.eventExchange)
    client = RedisClient(RedisConfiguration(endpoint, connections: 2, name: "celerity-peer"), logger: logger)
    outbox.isOn = configuration.sendsTaskEvents
    store.passers.withLock { $0 = outbox }
  }

  /// Speaks and listens until cancelled, then says what is left to say and that the worker has gone.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.sendEvents() }
      group.addTask { await self.beat() }
      group.addTask { await self.keepBindings() }
      group.addTask { await self.listen() }
    }
    await withoutCancellation { await self.leave() }
  }

  // MARK: Speaking

  /// Sends events of tasks as they come: those that came while a message was on its way go together in the next.
  private func sendEvents() async {
    while !Task.isCancelled {
      let rings = outbox.bell.rings
      let notes = outbox.take(Self.batch)
      if notes.isEmpty {
        await outbox.bell.wait(beyond: rings, until: .seconds(Int64.max / 4), on: time)
      } else {
        await send(notes, isPatient: true)
      }
    }
  }

  /// While the broker is away events wait: they are sent late rather than never.
  private func send(_ notes: [EventOutbox.Note], isPatient: Bool) async {
    let events = notes.flatMap { note in
      CeleryEvent.events(of: note.event, note.message, signal: note.signal).map { stamped($0, at: note.time) }
    }
    guard !events.isEmpty else { return }
    let envelope = TransientEnvelope(batch: events, exchange: configuration.eventExchange)
    // What is on its way when the worker goes still arrives, and once.
    while await !withoutCancellation({ await self.publish([envelope]) }), isPatient, !Task.isCancelled {
      try? await time.sleep(for: .seconds(1))
    }
  }

  /// An event with the worker's name and the next time of its clock.
  func stamped(_ event: CeleryEvent, at moment: Timestamp? = nil) -> StampedEvent {
    let now = moment ?? time.now
    return StampedEvent(
      event,
      EventStamp(
        hostname: configuration.name, utcOffset: ProcessFacts.utcOffset(at: now), pid: ProcessFacts.pid,
        clock: state.withLock { $0.clock.forward() }, timestamp: now))
  }

  /// Tells events now, each by itself and one directly after the other.
  @discardableResult
  func tell(_ events: CeleryEvent...) async -> Bool {
    await publish(events.map { TransientEnvelope(stamped($0), exchange: configuration.eventExchange) })
  }

  private func publish(_ envelopes: [TransientEnvelope]) async -> Bool {
    let commands = envelopes.map { envelope in
      RESPCommand(
        "PUBLISH", .text(names.event(envelope.routingKey)),
        .bytes(ByteBuffer(bytes: envelope.bytes(deliveryTag: store.ids.next()))))
    }
    do {
      _ = try await client.send(commands)
      return true
    } catch {
      logger.debug("could not send an event", metadata: ["error": "\(error)"])
      return false
    }
  }

  private func beat() async {
    while !Task.isCancelled {
      await tell(.workerHeartbeat(vitals))
      await acknowledgeCandidates()
      try? await time.sleep(for: configuration.heartbeat)
    }
  }

  var vitals: WorkerVitals {
    WorkerVitals(
      frequency: configuration.heartbeat.inSeconds, load: desk.load(), loadAverage: ProcessFacts.loadAverage,
      version: configuration.version, system: ProcessFacts.system)
  }

  // MARK: Being there

  /// Queues of its own are bound as kombu binds them, although Redis sends to everybody who listens: others look at the tables.
  private var bindings: [(exchange: String, entry: String)] {
    [
      (
        "\(configuration.controlExchange).pidbox",
        FanoutNames.entry(queue: "\(configuration.name).\(configuration.controlExchange).pidbox")
      ),
      (
        configuration.eventExchange,
        FanoutNames.entry(key: "worker.#", queue: "\(configuration.eventExchange).\(configuration.name)")
      ),
    ]
  }

  /// Tables of queues that expire may be deleted once nobody has prolonged their time for an hour.
  private func keepBindings() async {
    while !Task.isCancelled {
      let deadline = time.now.microseconds / 1000 + 3_600_000
      let commands = bindings.flatMap { exchange, entry in
        [
          RESPCommand("SADD", .text(names.table(exchange)), .text(entry)),
          RESPCommand("ZADD", .text(names.deadlines), "GT", .number(deadline), .text(exchange)),
        ]
      }
      if (try? await client.send(commands)) == nil { logger.debug("could not declare the worker's mailbox") }
      try? await time.sleep(for: Self.bindingsEvery)
    }
  }

  private func leave() async {
    // What the worker told last is still said, and bounded by what the outbox holds.
    while case let notes = outbox.take(Self.batch), !notes.isEmpty { await send(notes, isPatient: false) }
    await tell(.workerOffline(vitals))
    _ = try? await client.send(bindings.map { RESPCommand("SREM", .text(names.table($0.exchange)), .text($0.entry)) })
    await client.close()
  }

  // MARK: Listening

  private func listen() async {
    let subscription = RedisSubscription(
      client.configuration, channels: [names.mailbox], patterns: [names.workerEvents], logger: logger)
    await subscription.run { await self.hear($0) }
  }

  private func hear(_ message: RedisMessage) async {
    switch message {
    case .subscribed:
      // Whoever listened while the connection was away has missed beats; this makes the worker known anew.
      await tell(.workerOnline(vitals))
    case .message(let channel, _, let bytes):
      guard let envelope = try? Envelope(Array(bytes.readableBytesView)) else { return }
      if channel == names.mailbox {
        await obey(envelope)
      } else {
        for event in HeardEvent.events(in: envelope) { await hear(event) }
      }
    }
  }
}
