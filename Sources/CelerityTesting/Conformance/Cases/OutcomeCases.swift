import CelerityCore
import CelerityJSON

/// What each outcome makes of a record.
enum OutcomeCases {
  static let all = [
    ConformanceCase("Success keeps the result and ends the task", success),
    ConformanceCase("Failure keeps everything known of it and is a dead letter", failure),
    ConformanceCase("Ignored is SUCCESS without a value", ignored),
    ConformanceCase("Rejected is a dead letter that was never run", rejected),
    ConformanceCase("Revoked keeps its reason and is no dead letter", revoked),
    ConformanceCase("A retry waits in RETRY until its time and counts", retry),
    ConformanceCase("A retry without delay is ready in the same transaction", retryAtOnce),
    ConformanceCase("A retry goes behind tasks of its priority that were ready before", retryQueuesUp),
    ConformanceCase("A release waits as PENDING, uncounted", release),
    ConformanceCase("A release of a retried task shows RETRY", releaseWhileRetrying),
    ConformanceCase("A release without delay is ready at once", releaseAtOnce),
    ConformanceCase("Success after failures leaves no failure", successClearsFailure),
    ConformanceCase("A retry of a task that should stop ends it as terminated", retryWhenCancelled),
    ConformanceCase("A release of a task that should stop ends it as revoked", releaseWhenCancelled),
    ConformanceCase("Success of a task that should stop is success", successWhenCancelled),
    ConformanceCase("The newest twenty ends of attempts are kept", historyLimit),
    ConformanceCase("Results keep their bytes", resultBytes),
  ]

  static func success(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    run.time.advance(by: .seconds(2))
    let record = try await run.settle(delivery, .success(.text(#"{"x":1}"#)))
    try await run.expectRecord("a", .success, .finished)
    try run.equal(record.result, .text(#"{"x":1}"#), "result")
    try run.equal(record.finished, run.now, "finished")
    try run.expect(record.lease == nil && !record.isDeadLetter, "the record is \(record)")
    try run.equal(record.worker, "w1", "worker")
  }

  static func failure(_ run: ConformanceRun) async throws {
    let failure = TaskFailure(
      type: "MemoryError", module: "builtins", message: "too much: ü", arguments: [.text("1"), .text("[2.0]")],
      traceback: "line 1\nline 2", signal: 9, exitStatus: 137, peakMemoryBytes: 1 << 40,
      causes: [TaskFailure.Cause(type: "KeyError", message: "k")])
    let record = try await run.end("a", .failure(failure))
    try await run.expectRecord("a", .failure, .finished)
    try run.equal(record.failure, failure, "failure")
    try run.expect(record.isDeadLetter && record.result == nil, "the record is \(record)")
    try run.equal(record.history.map(\.cause), ["failed"], "history")
  }

  static func ignored(_ run: ConformanceRun) async throws {
    let record = try await run.end("a", .ignored)
    try await run.expectRecord("a", .success, .finished)
    try run.equal(record.result, nil, "result")
  }

  static func rejected(_ run: ConformanceRun) async throws {
    let record = try await run.end("a", .rejected(.notRegistered("work")))
    try await run.expectRecord("a", .failure, .finished)
    try run.equal(record.reason, "rejected", "reason")
    try run.equal(record.failure, .notRegistered("work"), "failure")
    try run.expect(record.isDeadLetter, "it is no dead letter")
  }

  static func revoked(_ run: ConformanceRun) async throws {
    let record = try await run.end("a", .revoked(reason: .terminated))
    try await run.expectRecord("a", .revoked, .finished)
    try run.equal(record.reason, "terminated", "reason")
    try run.expect(!record.isDeadLetter, "a person's wish made a dead letter")
  }

  static func retry(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    let record = try await run.settle(delivery, .retry(after: .seconds(10), .boom))
    try await run.expectRecord("a", .retry, .delayed)
    try run.equal(record.due, run.now + .seconds(10), "due")
    try run.equal([record.message.retries, record.attempts], [1, 1], "counts")
    try run.equal(record.failure, .boom, "failure")
    try run.equal(record.history.map(\.cause), ["retried"], "history")
    try run.expect(record.lease == nil && record.finished == nil, "the record is \(record)")
    try run.equal(try await run.fetchIDs(), [], "fetched before its time")
    run.time.advance(by: .seconds(10))
    try await run.maintain()
    try await run.expectRecord("a", .retry, .ready)
    try run.equal(try await run.take("a").attempt, 2, "attempt")
  }

  static func retryAtOnce(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    try await run.settle(delivery, .retry(after: .zero, .boom))
    try await run.expectRecord("a", .retry, .ready)
    try run.equal(try await run.take("a").message.retries, 1, "retries")
  }

  static func retryQueuesUp(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    run.time.advance(by: .seconds(1))
    try await run.accept("b")
    run.time.advance(by: .seconds(1))
    try await run.settle(delivery, .retry(after: .zero, .boom))
    try run.equal(try await run.fetchIDs(), ["b", "a"], "order")
  }

  static func release(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    let record = try await run.settle(delivery, .released(after: .seconds(5), reason: .limited))
    try await run.expectRecord("a", .pending, .delayed)
    try run.equal([record.attempts, record.message.retries, record.crashes], [0, 0, 0], "counts")
    try run.equal(record.history.map(\.detail), ["limited"], "history")
    run.time.advance(by: .seconds(5))
    try await run.maintain()
    try run.equal(try await run.take("a").attempt, 1, "attempt")
  }

  static func releaseWhileRetrying(_ run: ConformanceRun) async throws {
    try await run.settle(try await run.start("a"), .retry(after: .zero, .boom))
    try await run.settle(try await run.take("a"), .released(after: .zero, reason: .shutdown))
    try await run.expectRecord("a", .retry, .ready)
    try run.equal(try await run.record("a").attempts, 1, "attempts")
  }

  static func releaseAtOnce(_ run: ConformanceRun) async throws {
    try await run.settle(try await run.start("a"), .released(after: .zero, reason: .shutdown))
    try await run.expectRecord("a", .pending, .ready)
    try await run.take("a")
  }

  static func successClearsFailure(_ run: ConformanceRun) async throws {
    try await run.settle(try await run.start("a"), .retry(after: .zero, .boom))
    try run.equal(try await run.record("a").failure, .boom, "failure while waiting")
    let record = try await run.settle(try await run.take("a"), .success(.true))
    try run.equal(record.failure, nil, "failure in the end")
  }

  static func retryWhenCancelled(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    _ = try await run.cancel("a")
    let record = try await run.settle(delivery, .retry(after: .seconds(1), .boom))
    try run.equal(record.state, .revoked, "state")
    try run.equal(record.reason, "terminated", "reason")
  }

  static func releaseWhenCancelled(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    _ = try await run.cancel("a")
    let record = try await run.settle(delivery, .released(after: .zero, reason: .shutdown))
    try run.equal(record.state, .revoked, "state")
    try run.equal(record.reason, "revoked", "reason")
  }

  static func successWhenCancelled(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    _ = try await run.cancel("a")
    try run.equal(try await run.settle(delivery, .success(.text("1"))).result, .text("1"), "result")
    try await run.expectRecord("a", .success, .finished)
  }

  static func historyLimit(_ run: ConformanceRun) async throws {
    try await run.accept("a")
    for _ in 0..<25 { try await run.settle(try await run.take("a"), .retry(after: .zero, .boom)) }
    let history = try await run.record("a").history
    try run.equal(history.map(\.attempt), Array(6...25), "attempts")
    try run.equal(try await run.record("a").message.retries, 25, "retries")
  }

  static func resultBytes(_ run: ConformanceRun) async throws {
    let texts = ["1.0", "1e2", "-0", #""\u00fc""#, "\"ü\"", "123456789012345678901234567890", "[ 1 ,2]", "null"]
    for (number, text) in texts.enumerated() {
      let record = try await run.end("t\(number)", .success(.text(text)))
      try run.equal(record.result?.description, text, "result")
    }
  }
}
