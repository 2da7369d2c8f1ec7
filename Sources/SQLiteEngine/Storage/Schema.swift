import CelerityCore
import GRDB

/// The tables. Every change is a new migration; a published one is never edited.
enum Schema {
  /// "CLRT": marks the file as ours, so that another program's database is never taken for a store.
  static let applicationID: Int64 = 0x434C_5254
  /// The newest migration this program knows; a file with a higher one is refused.
  static let version: Int64 = 1

  static func migrate(_ db: Database) throws {
    let found = try db.first("PRAGMA user_version") { $0.integer(0) } ?? 0
    let owner = try db.first("PRAGMA application_id") { $0.integer(0) } ?? 0
    let tables = try db.first("SELECT count(*) FROM sqlite_master") { $0.integer(0) } ?? 0
    guard owner == applicationID || tables == 0 else {
      throw EngineError(.invalid, "the file is a database of another program", hint: "name another --engine path")
    }
    guard found <= version else {
      throw EngineError(
        .invalid, "the store has schema \(found), this program knows up to \(version)",
        hint: "use the newer program, or restore a backup made by this version")
    }
    if found < 1 {
      try db.execute(sql: first)
      try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = 1")
    }
  }

  /// One row per task; `position` is the order of acceptance. Indexes are partial, so that a task stands only in the ones
  /// of its phase (0 delayed, 1 ready, 2 leased, 3 finished).
  private static let first = """
    CREATE TABLE task (
      position INTEGER PRIMARY KEY, tenant TEXT NOT NULL, id TEXT NOT NULL, task TEXT NOT NULL, queue TEXT NOT NULL,
      phase INTEGER NOT NULL, state INTEGER NOT NULL, seq INTEGER NOT NULL, rank INTEGER NOT NULL,
      generation INTEGER NOT NULL, attempts INTEGER NOT NULL, crashes INTEGER NOT NULL, retries INTEGER NOT NULL,
      priority INTEGER, created INTEGER NOT NULL, eta INTEGER, due INTEGER, expires INTEGER, started INTEGER,
      finished INTEGER, ended INTEGER, token INTEGER, deadline INTEGER, worker TEXT, cancel INTEGER NOT NULL,
      reason TEXT, args BLOB NOT NULL, kwargs BLOB NOT NULL, extras BLOB, result BLOB, failure BLOB, progress BLOB,
      history BLOB, uniq TEXT, uniq_scope INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX task_id ON task (tenant, id);
    CREATE INDEX task_seq ON task (seq);
    CREATE INDEX task_ready ON task (queue, tenant, rank) WHERE phase = 1;
    CREATE INDEX task_delayed ON task (due) WHERE phase = 0;
    CREATE INDEX task_leased ON task (deadline) WHERE phase = 2;
    CREATE INDEX task_finished ON task (state, ended) WHERE phase = 3;
    CREATE INDEX task_dead ON task (tenant, position) WHERE phase = 3 AND state > 5;
    CREATE INDEX task_expires ON task (expires) WHERE expires IS NOT NULL AND phase < 2;

    CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE tombstone (
      tenant TEXT NOT NULL, id TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (tenant, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX tombstone_until ON tombstone (until);
    CREATE TABLE idempotency (
      tenant TEXT NOT NULL, key TEXT NOT NULL, fingerprint BLOB NOT NULL, id TEXT NOT NULL, until INTEGER NOT NULL,
      PRIMARY KEY (tenant, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX idempotency_until ON idempotency (until);
    CREATE TABLE unique_key (
      tenant TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (tenant, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE paused (tenant TEXT NOT NULL, queue TEXT NOT NULL, PRIMARY KEY (tenant, queue)) STRICT, WITHOUT ROWID;
    CREATE TABLE task_group (
      tenant TEXT NOT NULL, id TEXT NOT NULL, size INTEGER NOT NULL, done INTEGER NOT NULL, body BLOB,
      passes_results INTEGER NOT NULL, PRIMARY KEY (tenant, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE group_member (
      tenant TEXT NOT NULL, group_id TEXT NOT NULL, member TEXT NOT NULL, place INTEGER NOT NULL,
      state INTEGER NOT NULL, result BLOB, message TEXT, PRIMARY KEY (tenant, group_id, member)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE step (
      position INTEGER NOT NULL REFERENCES task ON DELETE CASCADE, generation INTEGER NOT NULL, name TEXT NOT NULL,
      value BLOB NOT NULL, PRIMARY KEY (position, generation, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE log (
      position INTEGER NOT NULL REFERENCES task ON DELETE CASCADE, number INTEGER NOT NULL, attempt INTEGER NOT NULL,
      time INTEGER NOT NULL, level TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (position, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE permit (
      name TEXT NOT NULL, tenant TEXT NOT NULL, id TEXT NOT NULL, token INTEGER NOT NULL, scope TEXT,
      PRIMARY KEY (name, tenant, id, token)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX permit_holder ON permit (tenant, id);
    CREATE TABLE rate (
      name TEXT PRIMARY KEY, window INTEGER NOT NULL, current INTEGER NOT NULL, previous INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE revocation (what TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE leader (
      name TEXT PRIMARY KEY, holder TEXT NOT NULL, fence INTEGER NOT NULL, until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE worker (name TEXT PRIMARY KEY, info BLOB NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE document (
      tenant TEXT NOT NULL, collection TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
      value BLOB NOT NULL, updated INTEGER NOT NULL, PRIMARY KEY (tenant, collection, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE blob (
      tenant TEXT NOT NULL, collection TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, bytes BLOB NOT NULL,
      PRIMARY KEY (tenant, collection, name)
    ) STRICT;
    """
}
