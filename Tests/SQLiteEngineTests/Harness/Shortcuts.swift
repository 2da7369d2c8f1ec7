import CelerityCore
import CelerityJSON
import SQLiteEngine

extension TaskKey {
  init(_ id: String) { self.init(TaskID(stored: id)) }
}

extension Submission {
  /// A plain task by its id.
  init(_ id: String, args: RawJSON = .emptyArray, queue: String = "default") {
    self.init(TaskMessage(id: TaskID(stored: id), task: "work", queue: queue, args: args))
  }

  /// Arguments of about so many bytes.
  static func payload(_ bytes: Int) -> RawJSON { .array([.string(String(repeating: "x", count: bytes))]) }
}

extension FetchRequest {
  /// As workers of these tests ask.
  static func up(to limit: Int, lease: Duration = .seconds(30)) -> FetchRequest {
    FetchRequest(queues: ["default"], limit: limit, worker: "w", lease: lease)
  }
}

extension SQLiteStore {
  /// Submits plain tasks that must be accepted.
  func accept(_ ids: String...) async throws {
    for (id, result) in zip(ids, try await submit(ids.map { Submission($0) })) {
      guard case .accepted = result else { throw EngineError(.conflict, "\(id) was answered with \(result)") }
    }
  }

  /// Takes the next task.
  func take() async throws -> Delivery {
    guard let delivery = try await fetch(.up(to: 1)).first else { throw EngineError(.invalid, "there is no task") }
    return delivery
  }

  func record(_ id: String) async throws -> TaskRecord {
    guard let record = try await records([TaskKey(id)])[0].record else {
      throw EngineError(.invalid, "there is no record of \(id)")
    }
    return record
  }

  /// Submits, takes and settles a task.
  @discardableResult
  func run(_ id: String, _ outcome: Outcome = .success(.true)) async throws -> SettleResult {
    try await accept(id)
    return try await settle([Settlement(try await take(), outcome)])[0]
  }
}

extension RawJSON {
  static func text(_ text: String) -> RawJSON { RawJSON(unchecked: Array(text.utf8)) }
}
