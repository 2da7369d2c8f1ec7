import CelerityCore
import CelerityJSON

/// What the stream of one task has told its client, and what it tells next. No clock and no I/O: `TaskStream` reports
/// the events and does the effects.
///
/// Lines of the log come before the record's change that ends their attempt, and after the one that begins it.
struct TaskSubscription: StreamSubscription {
  /// What happens to a stream.
  enum Event: Sendable {
    case opened
    /// The record was read, and then the log's lines after `position.line`, at most `linesAtOnce`.
    case looked(TaskRecord, lines: [TaskLogLine])
    /// The record is gone: its retention is over, or somebody discarded it.
    case forgotten
    /// A sign of life is due.
    case silent
  }

  static let opened = Event.opened
  static let silent = Event.silent
  /// Lines of the log that are read at once; each has at most 8 KiB.
  static let linesAtOnce = 100

  /// What the client knows.
  private(set) var position: StreamPosition
  private(set) var isOver = false
  /// Whether lines of the log were left for the next time.
  private(set) var hasMore = false
  private let key: TaskKey
  private var isResumed: Bool

  /// A stream that goes on after what a client has seen, or begins with the present state and the whole log.
  init(_ key: TaskKey, after position: StreamPosition?) {
    self.key = key
    self.position = StreamPosition(seq: position?.seq ?? 0, line: position?.line ?? 0)
    isResumed = position != nil
  }

  /// Takes note of an event; says what is to be done.
  mutating func on(_ event: Event) -> [StreamEffect] {
    switch event {
    case .opened:
      return [.send(ServerSentEvent(comment: "connected", retry: StreamTerms.retryMilliseconds))]
    case .looked(let record, let lines): return looked(record, lines)
    case .forgotten:
      isOver = true
      return [Self.gap(after: position), .finish]
    case .silent: return [.send(ServerSentEvent(comment: "heartbeat"))]
    }
  }

  private mutating func looked(_ record: TaskRecord, _ lines: [TaskLogLine]) -> [StreamEffect] {
    hasMore = lines.count >= Self.linesAtOnce
    let lost = checkPlace(record)
    let isRunning = record.phase == .leased
    let before = isRunning ? tell(record) : []
    let log = tell(lines)
    guard !hasMore else { return lost + before + log }
    let after = isRunning ? [] : tell(record)
    return lost + before + log + after + (record.state.isTerminal ? end(record) : [])
  }

  /// A place behind the record's last change is of another store, which was restored from a copy since.
  private mutating func checkPlace(_ record: TaskRecord) -> [StreamEffect] {
    guard position.seq > record.seq else { return [] }
    let asked = position
    position = StreamPosition(seq: 0)
    isResumed = false
    return [Self.gap(after: asked)]
  }

  private mutating func tell(_ record: TaskRecord) -> [StreamEffect] {
    guard record.seq > position.seq else { return [] }
    position.seq = record.seq
    return [.send(ServerSentEvent(record.state.eventName, id: position.text, json: TaskView.json(record).bytes))]
  }

  private mutating func tell(_ lines: [TaskLogLine]) -> [StreamEffect] {
    var effects: [StreamEffect] = []
    for line in lines where line.number > position.line {
      // A task keeps its newest lines only; who was away for long misses some. Who has just come misses nothing.
      let isMissing = line.number > position.line + 1 && (position.line > 0 || isResumed)
      if isMissing { effects.append(Self.gap(after: position)) }
      position.line = line.number
      effects.append(.send(ServerSentEvent("log", id: position.text, json: LogLineView.json(line).bytes)))
    }
    return effects
  }

  private mutating func end(_ record: TaskRecord) -> [StreamEffect] {
    isOver = true
    position.isEnd = true
    let data = RawJSON.object([("id", .string(key.id.text)), ("state", .string(record.state.rawValue))])
    return [.send(ServerSentEvent("end", id: position.text, json: data.bytes)), .finish]
  }

  private static func gap(after position: StreamPosition) -> StreamEffect {
    .send(ServerSentEvent("gap", json: Array(#"{"after":\#(position.seq),"after_line":\#(position.line)}"#.utf8)))
  }
}
