import CelerityCore
import CelerityJSON
import Synchronization

/// A case at work: the store under test, its clocks and short ways to use and judge it.
final class ConformanceRun: Sendable {
  let time: TestTime
  /// Which waiting task goes first in the store under test.
  let order: ClaimOrder
  private let current: Mutex<any Store>
  private let reopen: (@Sendable (any Store, TestTime) async throws -> any Store)?

  init(
    store: any Store, time: TestTime, order: ClaimOrder,
    reopen: (@Sendable (any Store, TestTime) async throws -> any Store)?
  ) {
    self.time = time
    self.order = order
    self.reopen = reopen
    current = Mutex(store)
  }

  var store: any Store { current.withLock { $0 } }

  /// The store as it was opened last.
  var latest: any Store { store }

  /// Opens the store again as after the death of its process.
  func restart(file: StaticString = #fileID, line: UInt = #line) async throws {
    guard let reopen else {
      throw ConformanceFailure("the suite was not told how to restart this store", file: file, line: line)
    }
    let reopened = try await reopen(store, time)
    current.withLock { $0 = reopened }
  }

  // MARK: Judging

  func expect(
    _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
  ) throws {
    if !condition { throw ConformanceFailure(message(), file: file, line: line) }
  }

  func equal<Value: Equatable>(
    _ found: Value, _ wanted: Value, _ what: String = "found", file: StaticString = #fileID, line: UInt = #line
  ) throws {
    if found != wanted { throw ConformanceFailure("\(what) \(found), wanted \(wanted)", file: file, line: line) }
  }

  func unwrap<Value>(
    _ value: Value?, _ what: String, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Value {
    guard let value else { throw ConformanceFailure("\(what) is missing", file: file, line: line) }
    return value
  }

  // MARK: Concurrency

  /// The answers of many callers at once, in no order.
  func together<Answer: Sendable>(
    _ callers: Int, _ call: @escaping @Sendable (Int) async throws -> Answer
  ) async throws -> [Answer] {
    try await withThrowingTaskGroup(of: Answer.self) { group in
      for caller in 0..<callers { group.addTask { try await call(caller) } }
      var answers: [Answer] = []
      for try await answer in group { answers.append(answer) }
      return answers
    }
  }

  /// Starts a verb that waits, acts when it sleeps, and gives the verb's answer.
  func whileWaiting<Answer: Sendable>(
    _ verb: @escaping @Sendable () async throws -> Answer, _ act: () async throws -> Void
  ) async throws -> Answer {
    let asleep = time.sleepers
    async let answer = verb()
    await time.waitForSleepers(asleep + 1)
    try await act()
    return try await answer
  }
}
