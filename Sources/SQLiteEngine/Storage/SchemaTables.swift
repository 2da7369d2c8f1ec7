/// The statements that make the tables. The last column of a row is its `seal` (see `Seal`), but for `task`, whose blobs
/// stand last so that the short columns are reached without them.
enum SchemaTables {
  static let all = task + beside + coordination + documents

  /// The tables whose last column is the seal of the others.
  static let sealed = [
    "tombstone", "idempotency", "unique_key", "task_group", "group_member", "step", "log", "store", "paused", "rate",
    "revocation", "leader", "document", "blob",
  ]

  /// One row per task; `position` is the order of acceptance. Indexes are partial, so that a task stands only in the ones
  /// of its phase (0 delayed, 1 ready, 2 leased, 3 finished, 4 promised).
  /// `task_tenant` is walked from the newest on and holds what lists are narrowed by most.
  private static let task = [
    """
    CREATE TABLE task (
      position INTEGER PRIMARY KEY, tenant TEXT NOT NULL, id TEXT NOT NULL, task TEXT NOT NULL, queue TEXT NOT NULL,
      phase INTEGER NOT NULL, state INTEGER NOT NULL, seq INTEGER NOT NULL, rank INTEGER NOT NULL,
      generation INTEGER NOT NULL, attempts INTEGER NOT NULL, crashes INTEGER NOT NULL, retries INTEGER NOT NULL,
      cancel INTEGER NOT NULL, priority INTEGER, created INTEGER NOT NULL, eta INTEGER, due INTEGER, expires INTEGER,
      started INTEGER, finished INTEGER, ended INTEGER, token INTEGER, deadline INTEGER, seal INTEGER NOT NULL,
      worker TEXT, reason TEXT, uniq TEXT, uniq_scope INTEGER, failure BLOB, progress BLOB, history BLOB, result BLOB,
      extras BLOB, kwargs BLOB NOT NULL, args BLOB NOT NULL
    ) STRICT
    """,
    "CREATE UNIQUE INDEX task_id ON task (id, tenant)",
    "CREATE INDEX task_tenant ON task (tenant, position, queue, task)",
    "CREATE INDEX task_seq ON task (seq)",
    "CREATE INDEX task_ready ON task (phase, queue, tenant, rank) WHERE phase = 1",
    "CREATE INDEX task_delayed ON task (phase, due, position, queue, tenant) WHERE phase = 0",
    "CREATE INDEX task_leased ON task (deadline) WHERE phase = 2",
    "CREATE INDEX task_promised ON task (tenant, queue) WHERE phase = 4",
    "CREATE INDEX task_finished ON task (state, ended) WHERE phase = 3",
    "CREATE INDEX task_dead ON task (tenant, position) WHERE phase = 3 AND state > 5",
    "CREATE INDEX task_expires ON task (expires) WHERE expires IS NOT NULL AND phase < 2",
  ]

  /// What belongs to tasks.
  private static let beside = [
    """
    CREATE TABLE tombstone (
      tenant TEXT NOT NULL, id TEXT NOT NULL, until INTEGER NOT NULL, seal INTEGER NOT NULL, PRIMARY KEY (tenant, id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX tombstone_until ON tombstone (until)",
    """
    CREATE TABLE idempotency (
      tenant TEXT NOT NULL, key TEXT NOT NULL, fingerprint BLOB NOT NULL, id TEXT NOT NULL, until INTEGER NOT NULL,
      seal INTEGER NOT NULL, PRIMARY KEY (tenant, key)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX idempotency_until ON idempotency (until)",
    """
    CREATE TABLE unique_key (
      tenant TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL, seal INTEGER NOT NULL, PRIMARY KEY (tenant, key)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE task_group (
      tenant TEXT NOT NULL, id TEXT NOT NULL, size INTEGER NOT NULL, done INTEGER NOT NULL,
      passes_results INTEGER NOT NULL, body BLOB, seal INTEGER NOT NULL, PRIMARY KEY (tenant, id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE group_member (
      tenant TEXT NOT NULL, group_id TEXT NOT NULL, member TEXT NOT NULL, place INTEGER NOT NULL,
      state INTEGER NOT NULL, result BLOB, message TEXT, seal INTEGER NOT NULL, PRIMARY KEY (tenant, group_id, member)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE step (
      position INTEGER NOT NULL REFERENCES task ON DELETE CASCADE, generation INTEGER NOT NULL, name TEXT NOT NULL,
      value BLOB NOT NULL, seal INTEGER NOT NULL, PRIMARY KEY (position, generation, name)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE log (
      position INTEGER NOT NULL REFERENCES task ON DELETE CASCADE, number INTEGER NOT NULL, attempt INTEGER NOT NULL,
      time INTEGER NOT NULL, level TEXT NOT NULL, text TEXT NOT NULL, seal INTEGER NOT NULL,
      PRIMARY KEY (position, number)
    ) STRICT, WITHOUT ROWID
    """,
  ]

  /// The store's own row, and what callers agree on through it. Concurrency permits and presence end with the process
  /// that owns the file and are kept in memory.
  private static let coordination = [
    """
    CREATE TABLE store (
      one INTEGER PRIMARY KEY CHECK (one = 1), commits INTEGER NOT NULL, time INTEGER NOT NULL,
      seq_limit INTEGER NOT NULL, forgotten_seq INTEGER NOT NULL, seal INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE paused (
      tenant TEXT NOT NULL, queue TEXT NOT NULL, seal INTEGER NOT NULL, PRIMARY KEY (tenant, queue)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE rate (
      name TEXT PRIMARY KEY, window INTEGER NOT NULL, current INTEGER NOT NULL, previous INTEGER NOT NULL,
      seal INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE revocation (
      what TEXT PRIMARY KEY, until INTEGER NOT NULL, seal INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE leader (
      name TEXT PRIMARY KEY, holder TEXT NOT NULL, fence INTEGER NOT NULL, until INTEGER NOT NULL,
      seal INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
  ]

  private static let documents = [
    """
    CREATE TABLE document (
      tenant TEXT NOT NULL, collection TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
      value BLOB NOT NULL, updated INTEGER NOT NULL, seal INTEGER NOT NULL, PRIMARY KEY (tenant, collection, name)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE blob (
      tenant TEXT NOT NULL, collection TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, bytes BLOB NOT NULL,
      seal INTEGER NOT NULL, PRIMARY KEY (tenant, collection, name)
    ) STRICT
    """,
  ]
}
