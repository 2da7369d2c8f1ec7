import CelerityCore
import GRDB

extension Database {
  /// The index of ready tasks holds their positions, and positions are in the order of acceptance. So many of them are
  /// looked at in a millisecond or two.
  private static let oldestScan = 10_000

  /// When the ready task of a queue was accepted that was accepted first, among those that come first by rank.
  func oldestReady(of queue: QueueKey) throws -> Timestamp? {
    try first(
      """
      SELECT created FROM task WHERE position = (SELECT min(position) FROM (
        SELECT position FROM task INDEXED BY task_ready WHERE phase = 1 AND queue = ? AND tenant = ?
        ORDER BY rank, position LIMIT \(Self.oldestScan)))
      """, [.text(queue.name), .text(queue.tenant.name)]
    ) { Timestamp(microseconds: $0.integer(0)) }
  }
}
