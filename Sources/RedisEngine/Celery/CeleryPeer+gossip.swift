import CelerityCore
import CelerityJSON
import CeleryWire
import Logging
import Synchronization

extension CeleryPeer {
  /// Most workers of which it is remembered that they live: names come from anybody.
  private static let mostPeers = 10_000

  /// How long candidates have to come forward before any is acknowledged. A Python worker that meets the acknowledgement of
  /// one candidate before it has heard of a second dies (`IndexError` in kombu's `sort_heap`).
  private static let votingTime = Duration.milliseconds(300)

  /// What another worker says of itself, or this one has said.
  func hear(_ event: HeardEvent) async {
    let now = time.uptime
    state.withLock { state in
      if event.hostname == configuration.name {
        _ = state.clock.forward()
      } else {
        state.clock.adjust(to: event.clock ?? 0)
      }
      if let lifetime = event.lifetime {
        if state.alive.count >= Self.mostPeers { state.alive = state.alive.filter { $0.value > now } }
        if state.alive.count < Self.mostPeers { state.alive[event.hostname] = now + lifetime }
      } else if event.type == "worker-offline" {
        state.alive[event.hostname] = nil
      }
    }
    if let vote = event.election { await hear(vote, from: event) }
  }

  /// Stands for an election that somebody asked for.
  func stand(for election: String, topic: String, action: RawJSON) async {
    guard state.withLock({ $0.elections.stand(for: election) }) else { return }
    // Twice: a Python worker that counts acknowledgements while it has heard of a single candidate dies.
    let candidate = CeleryEvent.workerElect(id: election, topic: topic, action: action)
    await tell(candidate, candidate)
  }

  /// Acknowledges the candidates whose time has come; with the next heartbeat is soon enough.
  func acknowledgeCandidates() async {
    let now = time.uptime
    let due = state.withLock { state in
      let due = state.heardCandidates.filter { $0.due <= now }.map(\.election)
      state.heardCandidates.removeAll { $0.due <= now }
      return due
    }
    for election in due { await tell(.workerElectAck(id: election)) }
  }

  private func hear(_ vote: HeardEvent.Vote, from event: HeardEvent) async {
    let (now, name) = (time.uptime, "\(event.hostname).\(event.pid)")
    switch vote {
    case .candidate(let id, _, _, _):
      state.withLock { state in
        guard state.elections.hear(vote, from: name), state.heardCandidates.count < Self.mostPeers else { return }
        state.heardCandidates.append((id, now + Self.votingTime))
      }
    case .acknowledgement(let id):
      let result = state.withLock { state in
        state.elections.acknowledge(id, alive: state.alive.values.count { $0 > now })
      }
      guard let result, result.winner == "\(configuration.name).\(ProcessFacts.pid)" else { return }
      logger.info("won an election", metadata: ["election": "\(id)", "topic": "\(result.topic)"])
      if result.topic == "task" { await send(result.action) }
    }
  }

  /// Publishes the task that the winner of an election was to publish.
  private func send(_ action: RawJSON) async {
    guard let signature = try? RawJSONDecoder().decode(Signature.self, from: action),
      let id = TaskID(store.ids.next())
    else { return logger.warning("an election was about something that is no task") }
    let queue = signature.options["queue"]?.stringValue.flatMap { QueueKey.isLegal(name: $0) ? $0 : nil }
    let message = TaskMessage(
      id: signature.options["task_id"]?.stringValue.flatMap { TaskID($0) } ?? id, task: signature.task,
      queue: queue ?? desk.report().queues.first ?? "default", args: signature.args, kwargs: signature.kwargs)
    do {
      _ = try await store.submit([Submission(message)])
    } catch {
      logger.error("could not send the task of an election", metadata: ["error": "\(error)"])
    }
  }
}
