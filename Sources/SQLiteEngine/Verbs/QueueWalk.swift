import CelerityCore
import GRDB

/// A way through the tasks of a queue that wait, each met once: the delayed ones by the time they are due, then the ready
/// ones by rank. In this order, because a task that becomes ready meanwhile is met among those. A task that is put back
/// into the queue stands where it stood and is behind the walk.
struct QueueWalk: Sendable {
  /// Most tasks of a step, and about how many bytes of them: rows may be large.
  static let stepLimit = 1000
  private static let byteLimit = 16 << 20

  let queue: QueueKey
  /// The newest task that is met.
  private let last: Int64
  /// What is looked at now; `nil` at the end.
  private var phase: TaskPhase? = .delayed
  /// Behind which place the walk goes on.
  private var place: (order: Int64, position: Int64)?

  /// A walk that begins, up to a position.
  init(_ queue: QueueKey, upTo last: Int64) {
    self.queue = queue
    self.last = last
  }

  var isOver: Bool { phase == nil }

  mutating func end() { phase = nil }

  /// The next tasks; may be none before the end.
  mutating func next(_ db: Database) throws -> [StoredTask] {
    guard let phase else { return [] }
    let isDelayed = phase == .delayed
    let (index, order) = isDelayed ? ("task_delayed", "due") : ("task_ready", "rank")
    var values: [SQLValue] = [.text(queue.name), .text(queue.tenant.name), .integer(last)]
    if let place { values += [.integer(place.order), .integer(place.order), .integer(place.position)] }
    var tasks: [StoredTask] = []
    var bytes = 0
    try db.each(
      """
      SELECT \(RecordRow.columns) FROM task INDEXED BY \(index)
      WHERE phase = \(phase.rawValue) AND queue = ? AND tenant = ? AND position <= ?
      \(place == nil ? "" : "AND \(order) >= ? AND (\(order) > ? OR position > ?)")
      ORDER BY \(order), position LIMIT \(Self.stepLimit)
      """, values
    ) { row in
      let task = try RecordRow.read(row)
      tasks.append(task)
      bytes += task.record.contentBytes
      return bytes < Self.byteLimit
    }
    if let task = tasks.last {
      place = (isDelayed ? task.record.due?.microseconds ?? 0 : task.record.rank, task.position)
    }
    if tasks.count < Self.stepLimit, bytes < Self.byteLimit {
      self.phase = isDelayed ? .ready : nil
      place = nil
    }
    return tasks
  }
}
