import CCrashVFS

/// A workload whose every crash image can be judged: commit number n adds entry n, rewrites one of eight slots and
/// sets the total to n. An image is right if it equals the state after some commit, with no commit in part.
struct Ledger {
  /// The settings a run is made with.
  struct Settings: CustomStringConvertible {
    var journal: String
    var synchronous: String

    var description: String { "\(journal), synchronous=\(synchronous)" }
  }

  let connection: Connection

  /// Creates the tables, or continues with those in the file.
  init(_ path: String, _ settings: Settings, autocheckpoint: Int = 12) throws {
    connection = try Connection(path)
    try connection.run("PRAGMA journal_mode=\(settings.journal); PRAGMA synchronous=\(settings.synchronous)")
    try connection.run("PRAGMA wal_autocheckpoint=\(autocheckpoint)")
    try connection.run(
      """
      BEGIN IMMEDIATE;
      CREATE TABLE IF NOT EXISTS entry(id INTEGER PRIMARY KEY, body TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS slot(id INTEGER PRIMARY KEY, body TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS total(id INTEGER PRIMARY KEY CHECK (id = 1), entries INTEGER NOT NULL);
      CREATE INDEX IF NOT EXISTS entry_body ON entry(body);
      INSERT OR IGNORE INTO total VALUES (1, 0);
      COMMIT
      """)
  }

  /// Commits entry `number`. After an error the transaction is rolled back.
  func commit(_ number: Int) throws {
    let body = Self.body(number)
    do {
      try connection.run(
        """
        BEGIN IMMEDIATE;
        INSERT INTO entry VALUES (\(number), '\(body)');
        INSERT INTO slot VALUES (\(number % 8), '\(body)') ON CONFLICT DO UPDATE SET body = excluded.body;
        UPDATE total SET entries = \(number);
        COMMIT
        """)
    } catch {
      // Some errors have rolled back already.
      if sqlite3_get_autocommit(connection.handle) == 0 { try connection.run("ROLLBACK") }
      throw error
    }
  }

  /// The number of entries as the process sees it.
  func count() throws -> Int {
    try connection.column("SELECT id FROM entry").count
  }

  /// The text of an entry: 16 to 1,216 characters, different for each number.
  static func body(_ number: Int) -> String {
    var random = SplitMix64(state: UInt64(number))
    let digits = String(random.next() | 1 << 63, radix: 16)
    return String(repeating: digits, count: 1 + Int(random.next() % 76))
  }
}

/// What a crash image turned out to be.
enum Finding: Equatable {
  /// Sound, and exactly the state after this many commits.
  case entries(Int)
  /// Sound, without the tables.
  case empty
  /// Unreadable, failing the integrity check, or with commits in part.
  case damaged(String)

  /// Opens the image of a ledger as after a power failure, without the VFS, and judges it.
  static func of(imageAt directory: String) -> Self {
    do {
      let connection = try Connection(directory + "/ledger.db", vfs: "unix")
      // Recovery is the same without real syncs, only many times faster.
      try connection.run("PRAGMA synchronous=OFF")
      let check = try connection.column("PRAGMA integrity_check")
      guard check == ["ok"] else { return .damaged(check.joined(separator: "; ")) }
      guard try connection.column("SELECT 1 FROM sqlite_schema WHERE name = 'total'") == ["1"] else { return .empty }
      return try judge(connection)
    } catch {
      return .damaged("\(error)")
    }
  }

  private static func judge(_ connection: Connection) throws -> Self {
    let bodies = try connection.column("SELECT body FROM entry ORDER BY id")
    let count = bodies.count
    for (index, body) in bodies.enumerated() where body != Ledger.body(index + 1) {
      return .damaged("entry \(index + 1) of \(count) is not what was written")
    }
    guard try connection.column("SELECT entries FROM total") == ["\(count)"] else {
      return .damaged("the total differs from \(count) entries")
    }
    let slots = try connection.column("SELECT body FROM slot ORDER BY id")
    let expected = (max(1, count - 7)..<(count + 1)).sorted { $0 % 8 < $1 % 8 }.map(Ledger.body)
    return slots == expected ? .entries(count) : .damaged("the slots do not fit \(count) entries")
  }
}
