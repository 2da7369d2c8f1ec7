import CelerityCore
import CelerityJSON
import CelerityTesting
import SQLiteEngine

/// Several callers who submit, run, cancel and maintain at random, and write down what they were promised.
struct Load: Sendable {
  let store: SQLiteStore
  let promises: Acknowledgements
  let time: TestTime
  let seed: UInt64

  /// Goes on until there was enough of it.
  func run(until isEnough: @escaping @Sendable () -> Bool) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for caller in 0..<5 {
        group.addTask {
          var random = SeededRandom(seed: seed &* 31 &+ UInt64(caller))
          var number = 0
          while !isEnough() {
            number += 1
            switch caller {
            case 0, 1: try await submit(&random, "\(caller).\(number)")
            case 2, 3: try await work(&random)
            default: try await disturb(&random, number)
            }
            await Task.yield()
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private func submit(_ random: inout SeededRandom, _ name: String) async throws {
    let submissions = (0...random.below(3)).map { index in
      var message = TaskMessage(
        id: TaskID(stored: "\(name).\(index)"), task: "work", args: Submission.payload(random.below(800)))
      if random.oneIn(4) { message.eta = time.now + .milliseconds(random.below(3000)) }
      return Submission(message)
    }
    promises.attempt(submissions.map(\.message.key))
    for result in try await store.submit(submissions) {
      if case .accepted(let id, _) = result { promises.note(TaskKey(id), .accepted) }
    }
  }

  private func work(_ random: inout SeededRandom) async throws {
    let lease = Duration.seconds(random.oneIn(5) ? 1 : 60)
    for delivery in try await store.fetch(.up(to: 1 + random.below(3), lease: lease)) {
      if random.oneIn(4) { await Task.yield() }
      let result = RawJSON.integer(delivery.lease.token)
      let isRetry = random.oneIn(5)
      let outcome: Outcome =
        isRetry
        ? .retry(after: .milliseconds(random.below(2000)), TaskFailure(type: "E", message: "m")) : .success(result)
      // Sometimes the answer is thought lost and the settlement sent again.
      for _ in 0...(random.oneIn(6) ? 1 : 0) {
        guard case .committed(let state, _) = try await store.settle([Settlement(delivery, outcome)])[0] else {
          continue
        }
        switch state {
        case .success: promises.note(delivery.key, .result(result))
        case .retry: promises.note(delivery.key, .retries(delivery.message.retries + 1))
        default: break
        }
      }
    }
  }

  private func disturb(_ random: inout SeededRandom, _ number: Int) async throws {
    time.advance(by: .milliseconds(random.below(400)))
    switch random.below(3) {
    case 0: _ = try await store.maintain(MaintenanceRequest())
    case 1:
      let waiting = try await store.list(RecordQuery(states: [.pending, .retry], limit: 20)).records
      guard let key = random.pick(waiting)?.key else { return }
      if try await store.cancel([CancelRequest(key)])[0] == .revoked { promises.note(key, .revoked) }
    default:
      let key = DocumentKey("c", "\(random.below(5))")
      if case .written(let versions) = try await store.write([DocumentWrite(key, .integer(Int64(number)))]) {
        promises.note(key, version: versions[0])
      }
    }
  }
}
