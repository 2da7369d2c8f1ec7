/// Which tasks are wanted, as people write it (`q=`).
public struct TaskFilter: Sendable, Hashable {
  /// Most bytes of a filter's text.
  public static let longestText = 1024

  private let words: [String]

  /// Reads a filter; ages are counted from the clock's present time.
  public init(_ text: String, time: any TimeSource = SystemTime()) throws(TaskFilterError) {
    guard text.utf8.count <= Self.longestText else {
      throw TaskFilterError("the filter is longer than \(Self.longestText) bytes", at: Self.longestText)
    }
    words = text.split(separator: " ").map { $0.lowercased() }
  }

  /// Whether a record is wanted.
  public func matches(_ record: TaskRecord) -> Bool {
    words.allSatisfy { record.message.task.lowercased().contains($0) || record.message.id.text.contains($0) }
  }
}
