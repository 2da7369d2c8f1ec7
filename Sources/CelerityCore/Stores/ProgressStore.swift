public import CelerityJSON

/// What running code tells while it runs. Fenced by the lease's token like a settlement, but not worth an fsync: the
/// last reports may be lost with the machine.
public protocol ProgressStore: Sendable {
  /// Stores progress and moves the tasks to PROGRESS; `false` where the lease is lost.
  func report(_ reports: [ProgressReport]) async throws(EngineError) -> [Bool]

  /// Appends log lines; a task keeps the newest 1,000. Lines of tasks that are not known are dropped.
  func append(_ lines: [TaskLogLine]) async throws(EngineError)

  /// Log lines of a task after a number, oldest first.
  func logs(of key: TaskKey, after number: Int64, limit: Int) async throws(EngineError) -> [TaskLogLine]
}

/// Progress of a running attempt: any JSON value; `{"current", "total", "message"}` by custom.
public struct ProgressReport: Sendable, Hashable {
  public var key: TaskKey
  public var token: Int64
  public var value: RawJSON

  /// Progress of an attempt.
  public init(_ key: TaskKey, token: Int64, value: RawJSON) {
    self.key = key
    self.token = token
    self.value = value
  }
}

/// A line that running code logged.
public struct TaskLogLine: Sendable, Hashable {
  public var key: TaskKey
  /// The line's place, given by the store.
  public var number: Int64
  public var attempt: Int
  public var time: Timestamp
  /// `debug`, `info`, `warning`, `error`, `stdout`, `stderr`.
  public var level: String
  /// At most 8 KiB; longer lines are cut between two characters.
  public var text: String

  /// A line of an attempt's log.
  public init(_ key: TaskKey, number: Int64 = 0, attempt: Int, time: Timestamp, level: String, text: String) {
    self.key = key
    self.number = number
    self.attempt = attempt
    self.time = time
    self.level = level
    self.text = text
  }

  /// How many lines a task keeps, the newest.
  public static let keptLines = 1000
  /// How many bytes of its text a line keeps.
  private static let keptBytes = 8192

  /// What stores keep of the text: its longest beginning that fits and ends between two scalars.
  public var keptText: String {
    guard text.utf8.count > Self.keptBytes else { return text }
    let bytes = Array(text.utf8.prefix(Self.keptBytes + 1))
    let end = bytes.lastIndex { $0 & 0xC0 != 0x80 } ?? 0
    return String(decoding: bytes[..<end], as: UTF8.self)
  }
}
