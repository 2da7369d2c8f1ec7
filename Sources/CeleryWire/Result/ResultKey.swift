/// Names of what Celery's Redis backend keeps, without a prefix of the user's own. Published results go to the channel of
/// the key's name.
public enum ResultKey {
  /// The record of a task.
  public static func task(_ id: String) -> String { "celery-task-meta-" + id }

  /// The saved members of a group.
  public static func group(_ id: String) -> String { "celery-taskset-meta-" + id }

  /// What is counted of a chord's members.
  public static func chord(_ group: String, _ part: ChordCount) -> String { self.group(group) + "." + part.rawValue }

  /// The parts of a chord's counting.
  public enum ChordCount: String, Sendable, Hashable, CaseIterable {
    /// Number of members, written by the publisher.
    case size = "s"
    /// The members' ends (`ChordPart`), sorted by their places.
    case parts = "j"
    /// How many were added while it ran.
    case added = "t"
    /// `id:place` of those counted, since 5.7.
    case counted = "d"
    /// Who sends the body, since 5.7; then the word `done`.
    case claim = "c"
  }
}
