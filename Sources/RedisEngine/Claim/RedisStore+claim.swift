import CelerityCore
import Logging
import RESPClient
import Synchronization

extension RedisStore {
  /// Claims tasks without waiting. What turns out to be nothing to run (expired, delayed, unreadable) is dealt with on the
  /// way and does not use up the limit.
  ///
  /// Answers also which queues are paused.
  func claim(_ request: FetchRequest) async throws(EngineError) -> (deliveries: [Delivery], paused: Set<QueueKey>) {
    var paused: Set<QueueKey> = []
    var deliveries: [Delivery] = []
    var unrevoked: Set<TaskKey> = []
    defer { self.unrevoked.withLock { $0 = unrevoked } }
    while deliveries.count < request.limit {
      let wanted = request.limit - deliveries.count
      do {
        let claims = try await take(wanted, request)
        paused = claims.paused
        let begun = try await begin(claims, worker: request.worker)
        if claims.isNothingRevoked { unrevoked.formUnion(begun.map(\.key)) }
        deliveries += begun
        if claims.claims.count < wanted { break }
      } catch {
        // What was claimed before is somebody's to run.
        if deliveries.isEmpty { throw error }
        break
      }
    }
    return (deliveries, paused)
  }

  func take(_ limit: Int, _ request: FetchRequest) async throws(EngineError) -> Claims {
    let now = clock.arguments
    let arguments: [RESPCommand.Argument] = [
      .text(keys.prefix), .number(limit), .text(request.worker), .number(request.lease.microseconds), .text(now.now),
      .text(now.storeTime), .number(configuration.lowStepEvery),
    ]
    // The question that comes before every run is asked with the claim, or each claim would take two round trips.
    let replies = try await ClaimScript.script.engineRun(
      on: client, arguments + request.queues.map { .text($0) }, followedBy: [revocationCount])
    guard var claims = Claims(replies[0]) else { throw EngineError(.corrupt, "the claim script answered nonsense") }
    claims.isNothingRevoked = replies[1].integer == 0
    if !clock.isGiven { clock.learn(serverMicroseconds: claims.moment.now.microseconds) }
    return claims
  }

  /// Begins attempts with what was claimed, in its order.
  func begin(_ claims: Claims, worker: String) async throws(EngineError) -> [Delivery] {
    var rows: [TaskRow?] = []
    var stray: [(place: Int, claim: Claim, row: TaskRow?)] = []
    for claim in claims.claims {
      // A record that can't be read is dealt with like a message that has none.
      let base = claim.isOwn ? try? claim.row(wire) : nil
      guard var row = base, !row.record.isExpired(at: claims.moment.now) else {
        stray.append((rows.count, claim, base))
        rows.append(nil)
        continue
      }
      row.strayTag = nil
      row.apply(
        ClaimNote(token: claim.token, started: claims.moment.now, worker: worker), lease: claims.deadline)
      row.record.seq = claim.token
      rows.append(row)
    }
    if !stray.isEmpty {
      do {
        for (place, row) in try await adopt(stray, claims, worker: worker) { rows[place] = row }
      } catch {
        // Those wait for the end of their leases; the others have begun.
        if rows.allSatisfy({ $0 == nil }) { throw error }
        logger.warning("claimed messages could not be taken over", metadata: ["error": "\(error)"])
      }
    }
    held.withLock { held in
      for case .some(let row) in rows { held[row.record.key] = row }
    }
    return rows.compactMap { $0.flatMap { Delivery($0.record) } }
  }

  private func adopt(
    _ stray: [(place: Int, claim: Claim, row: TaskRow?)], _ claims: Claims, worker: String
  ) async throws(EngineError) -> [(Int, TaskRow)] {
    var world = World()
    for (_, _, row) in stray { if let row { world.tasks[row.record.key] = .some(row) } }
    let (begun, passed) = try await transactions.run(assuming: world) { draft throws(DraftError) in
      var begun: [(Int, TaskRow)] = []
      var passed: [TaskRecord] = []
      try draft.need(stray.filter { !$0.claim.id.isEmpty }.map { .task($0.claim.key) })
      for (place, claim, row) in stray {
        if let row {
          guard draft.holds(claim) else { continue }
          // What the claim has noted is undone: the task was never started.
          guard var row = try draft.looking({ draft throws(Missing) in try draft.row(row.record.key) }) else {
            continue
          }
          if row.strayTag == nil { continue }
          try draft.apply(.expired, to: &row)
          passed.append(row.record)
        } else if let row = try draft.adopt(claim, worker: worker, deadline: claims.deadline) {
          begun.append((place, row))
        } else if let record = try draft.looking({ draft throws(Missing) in try draft.row(claim.key) })?.record {
          passed.append(record)
        }
      }
      return (begun, passed)
    } finish: { answer, base in
      let begun = answer.0.map { place, row in
        var row = row
        row.strayTag = nil
        row.record.seq += base
        return (place, row)
      }
      return (begun, answer.1)
    }
    tell(passed)
    return begun
  }
}

extension TaskRecord {
  func isExpired(at now: Timestamp) -> Bool { message.expires.map { $0 <= now } ?? false }
}
