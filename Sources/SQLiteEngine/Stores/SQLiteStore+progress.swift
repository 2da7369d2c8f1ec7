public import CelerityCore
import CelerityJSON
import GRDB

extension SQLiteStore: ProgressStore {
  public func report(_ reports: [ProgressReport]) async throws(EngineError) -> [Bool] {
    guard !reports.isEmpty else { return [] }
    return try await commits.write(durable: false) { transaction in
      try reports.map { report in
        guard var task = try transaction.leased(report.key, token: report.token) else { return false }
        try transaction.apply(.progressed(report.value, token: report.token), to: &task)
        return true
      }
    }
  }

  public func append(_ lines: [TaskLogLine]) async throws(EngineError) {
    guard !lines.isEmpty else { return }
    try await commits.write(durable: false) { transaction in
      for line in lines { try transaction.append(line) }
    }
  }

  public func logs(
    of key: TaskKey, after number: Int64, limit: Int
  ) async throws(EngineError) -> [TaskLogLine] {
    try await read { db in
      try db.rows(
        """
        SELECT position, number, attempt, time, level, text, seal FROM log WHERE position = (
          SELECT position FROM task WHERE tenant = ? AND id = ?) AND number > ? ORDER BY number LIMIT ?
        """,
        [.text(key.tenant.name), .text(key.id.text), .integer(number), .integer(max(1, limit))]
      ) { row in
        try row.checkSeal(7)
        return TaskLogLine(
          key, number: row.integer(1), attempt: row.int(2), time: Timestamp(microseconds: row.integer(3)),
          level: row.text(4), text: row.text(5))
      }
    }
  }
}

extension WriteTransaction {
  /// How many lines a task keeps, and how long a line may be.
  private static let keptLines = Int64(TaskLogLine.keptLines)

  func append(_ line: TaskLogLine) throws {
    let position = try db.first(
      "SELECT position FROM task WHERE tenant = ? AND id = ?",
      [.text(line.key.tenant.name), .text(line.key.id.text)]
    ) { $0.integer(0) }
    guard let position else { return }
    let last =
      try db.first("SELECT max(number) FROM log WHERE position = ?", [.integer(position)]) { $0.integer(0) } ?? 0
    try db.seal(
      "INSERT INTO log (position, number, attempt, time, level, text, seal) VALUES (?, ?, ?, ?, ?, ?, ?)",
      [
        .integer(position), .integer(last + 1), .integer(line.attempt), .integer(line.time.microseconds),
        .text(line.level), .text(line.keptText),
      ])
    noteLogged(line.key)
    if last >= Self.keptLines {
      try db.run(
        "DELETE FROM log WHERE position = ? AND number <= ?",
        [.integer(position), .integer(last + 1 - Self.keptLines)])
    }
  }
}

extension SQLiteStore: StepStore {
  public func steps(of key: TaskKey, generation: Int) async throws(EngineError) -> [StepResult] {
    try await read { db in
      try db.rows(
        """
        SELECT position, generation, name, value, seal FROM step
        WHERE position = (SELECT position FROM task WHERE tenant = ? AND id = ?) AND generation = ? ORDER BY name
        """,
        [.text(key.tenant.name), .text(key.id.text), .integer(generation)]
      ) { row in
        try row.checkSeal(5)
        return StepResult(name: row.text(2), value: row.json(3) ?? .null)
      }
    }
  }

  public func save(_ step: StepResult, for key: TaskKey, token: Int64) async throws(EngineError) -> Bool {
    try await commits.write { transaction in
      guard let task = try transaction.leased(key, token: token) else { return false }
      try transaction.save(step, for: task)
      return true
    }
  }
}
