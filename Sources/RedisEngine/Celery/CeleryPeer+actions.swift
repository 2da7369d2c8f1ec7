import CelerityCore
import CelerityJSON
import CeleryWire
import Logging
import RESPClient
import Synchronization

extension CeleryPeer {
  /// How long the store keeps what was revoked and has not arrived yet. Celery's workers forget it when they end.
  private static let revocationKept = Duration.seconds(86_400)

  /// Does what a command says. What the store has to do is done before the answer goes out.
  func perform(_ action: ControlAction) async {
    switch action {
    case .revoke(let ids): await revoke(ids)
    case .revokeStamped(let header, let values):
      await remember(values.map { .stamp(.default, header: header, value: $0) })
    case .terminate(let ids, let signal):
      outbox.expect(signal: signal, of: ids)
      _ = desk.terminate(Set(Self.keys(ids)))
    case .learnRevoked(let ids):
      note(revoked: ids)
      await remember(Self.keys(ids).map(Revocation.task))
    case .limitRate(let task, let rate): desk.limitRate(ofTask: task, to: rate)
    case .limitTime(let task, let hard, let soft): desk.limitTime(ofTask: task, hard: hard, soft: soft)
    case .scale(let count): desk.scale(to: count)
    case .addQueue(let queue): desk.add(queue: queue)
    case .removeQueue(let queue): desk.remove(queue: queue)
    case .sendTaskEvents(let isOn): outbox.isOn = isOn
    case .heartbeat:
      var vitals = vitals
      (vitals.frequency, vitals.load) = (5, nil)
      await tell(.workerHeartbeat(vitals))
    case .stand(let election, let topic, let action): await stand(for: election, topic: topic, action: action)
    case .stop: desk.stop()
    }
  }

  private static func keys(_ ids: [String]) -> [TaskKey] { ids.compactMap { TaskID($0) }.map { TaskKey($0) } }

  private func note(revoked ids: [String]) {
    state.withLock { state in for id in ids { state.revoked.insert(id) } }
  }

  private func remember(_ revocations: [Revocation]) async {
    do {
      try await store.revoke(revocations, for: Self.revocationKept)
    } catch {
      logger.error("could not store what was revoked", metadata: ["error": "\(error)"])
    }
  }

  /// Tasks that wait are ended at once, those that are still in a queue when they are met; those that run go on. All workers
  /// that hear of it do the same, and only the first changes anything.
  private func revoke(_ ids: [String]) async {
    note(revoked: ids)
    let keys = Self.keys(ids)
    await remember(keys.map(Revocation.task))
    do throws(EngineError) {
      let lookups = try await store.records(keys)
      var waiting: [(TaskKey, TaskMessage)] = []
      var unknown: [TaskKey] = []
      for (key, lookup) in zip(keys, lookups) {
        switch lookup {
        case .found(let record):
          if record.mayEndElsewhere { waiting.append((key, record.message)) }
        case .expired: break
        case .unknown: unknown.append(key)
        }
      }
      let results = try await store.cancel(waiting.map { CancelRequest($0.0) })
      for ((_, message), result) in zip(waiting, results) where result == .revoked {
        outbox.note(.ended(.revoked(reason: .revoked), ran: nil), of: message)
      }
      try await publishRevoked(unknown)
    } catch {
      logger.error("could not end revoked tasks", metadata: ["error": "\(error)"])
    }
  }

  /// Who waits for a task that was revoked before anybody met it is told so, as Celery's workers do.
  private func publishRevoked(_ keys: [TaskKey]) async throws(EngineError) {
    guard !keys.isEmpty else { return }
    let kept = Int64(store.configuration.resultExpires.inSeconds)
    let pairs = keys.flatMap { key -> [RESPCommand.Argument] in
      let meta = ResultMeta(
        id: key.id.text, status: "REVOKED", result: WireException.json(.revoked(nil)), children: .emptyArray,
        dateDone: time.now)
      return [.text(store.keys.meta(key)), .text(meta.json.description)]
    }
    _ = try await RevokedMetaScript.script.engineRun(on: client, [.number(kept)] + pairs)
  }
}
