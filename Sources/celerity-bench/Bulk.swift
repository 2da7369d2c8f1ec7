import ArgumentParser
import CelerityCore
import GRDB
import SQLiteEngine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bulk submission against a bare loop of the database library that writes the same rows into the same table.
struct Bulk: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rows a second of bulk submission, and of a bare insert loop.")

  @Option var count = 100_000
  @Option(help: "Rows per commit.") var batch = 1000

  func run() async throws {
    let (ours, bare) = try await BenchStore.with { bench in
      let submissions = BenchStore.messages(count, ids: UUIDv7(), payload: true)
      let ours = try await Duration.measured {
        for start in stride(from: 0, to: count, by: batch) {
          _ = try await bench.store.submit(Array(submissions[start..<min(count, start + batch)]))
        }
      }
      return (ours.inSeconds, try bareSeconds(copying: bench.directory + "/celerity.db"))
    }
    report([
      ("rows_per_second", Double(count) / ours), ("bare_rows_per_second", Double(count) / bare), ("ratio", bare / ours),
    ])
  }

  /// Copies the rows just written into an empty table of the same shape, in a file of its own.
  private func bareSeconds(copying path: String) throws -> Double {
    let target = path + ".bare"
    defer { for ending in ["", "-wal", "-shm"] { unlink(target + ending) } }
    let source = try DatabaseQueue(path: path)
    let schema = try source.read { db in
      try String.fetchAll(db, sql: "SELECT sql FROM sqlite_master WHERE tbl_name = 'task' AND sql IS NOT NULL")
    }
    let (columns, rows) = try source.read { db in
      let columns = try db.columns(in: "task").map(\.name)
      let rows = try Row.fetchAll(db, sql: "SELECT * FROM task").map { row in
        columns.map { row[$0] as (any DatabaseValueConvertible)? ?? nil }.map { $0?.databaseValue ?? .null }
      }
      return (columns, rows)
    }
    let pool = try DatabasePool(path: target)
    try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
    try pool.write { db in for statement in schema { try db.execute(sql: statement) } }
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    let start = ContinuousClock.now
    for first in stride(from: 0, to: rows.count, by: batch) {
      try pool.write { db in
        let statement = try db.cachedStatement(sql: "INSERT INTO task VALUES (\(marks))")
        for row in rows[first..<min(rows.count, first + batch)] {
          try statement.execute(arguments: StatementArguments(row))
        }
      }
    }
    return (ContinuousClock.now - start).inSeconds
  }
}
