import CelerityCore
import CelerityJSON
import CelerityTesting
import SQLiteEngine

/// A day in the life of a store, one caller after the other. What fails is tried again, as a client would, and what
/// succeeds is a promise.
struct Scenario {
  let store: SQLiteStore
  let promises: Acknowledgements
  let time: TestTime
  /// The errors that callers saw.
  private(set) var errors: [EngineError] = []

  init(_ store: SQLiteStore, _ promises: Acknowledgements, _ time: TestTime) {
    self.store = store
    self.promises = promises
    self.time = time
  }

  mutating func run() async throws {
    for round in 0..<4 {
      let ids = ["\(round).a", "\(round).b"]
      let submissions = ids.map { Submission($0, args: Submission.payload(700)) }
      promises.attempt(submissions.map(\.message.key))
      let store = store
      for result in try await persist({ try await store.submit(submissions) }) {
        if let id = result.id { promises.note(TaskKey(id), .accepted) }
      }
      // A reader keeps the log where it is when the writer gives its connection up.
      _ = try await persist { try await store.list(RecordQuery(limit: 5)) }
      try await work(round)
      let key = DocumentKey("c", "\(round)")
      let write = DocumentWrite(key, .integer(Int64(round)))
      if case .written(let versions) = try await persist({ try await store.write([write]) }) {
        promises.note(key, version: versions[0])
      }
      time.advance(by: .seconds(1))
      _ = try await persist { try await store.maintain(MaintenanceRequest()) }
    }
  }

  private mutating func work(_ round: Int) async throws {
    let store = store
    for delivery in try await persist({ try await store.fetch(.up(to: 1 + round % 2)) }) {
      let result = RawJSON.integer(delivery.lease.token)
      let answers = try await persist { try await store.settle([Settlement(delivery, .success(result))]) }
      // A settlement whose answer was an error may have been kept; then the second one finds it done.
      switch answers[0] {
      case .committed, .stale: promises.note(delivery.key, .result(result))
      case .unknown: throw EngineError(.corrupt, "\(delivery.key) is gone")
      }
    }
    if round % 3 == 2 {
      let key = TaskKey("\(round).b")
      let answer = try await persist { try await store.cancel([CancelRequest(key)]) }
      if answer[0] == .revoked || answer[0] == .alreadyFinished(.revoked) { promises.note(key, .revoked) }
    }
  }

  private mutating func persist<Answer: Sendable>(
    _ verb: @Sendable () async throws -> Answer
  ) async throws -> Answer {
    for _ in 0..<4 {
      do {
        return try await verb()
      } catch let error as EngineError where error.isRetryable {
        errors.append(error)
      }
    }
    return try await verb()
  }
}
