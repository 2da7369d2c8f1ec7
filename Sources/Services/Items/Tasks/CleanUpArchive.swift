import CelerityCore
public import CelerityTasks

/// `items.cleanup`: deletes archived results that are older than `items.archive_lifetime`. The scheduler runs it each night.
public struct CleanUpArchive: TaskDefinition {
  public static let name = "items.cleanup"
  public static let summary = "Deletes archived results that are past their lifetime."
  public static let options = TaskOptions(
    queue: "items", retry: .exponential(max: 3, base: .seconds(60)), timeLimit: .seconds(300),
    softTimeLimit: .seconds(270))

  /// What was deleted.
  public struct Output: Codable, Sendable {
    public var deletedCount: Int
    /// What ended before this moment was deleted.
    public var cutoffDate: String

    private enum CodingKeys: String, CodingKey {
      case deletedCount = "deleted_count"
      case cutoffDate = "cutoff_date"
    }
  }

  public func run(_ input: NoInput, _ context: TaskContext) async throws -> Output {
    let resources = context.resources
    let cutoff = resources.time.now + (.zero - resources.settings[ItemsService.archiveLifetime])
    let archive = ResultArchive(documents: resources.documents, tenant: context.tenant)
    let deleted = try await archive.deleteRows(before: cutoff) { try context.checkStop() }
    return Output(deletedCount: deleted, cutoffDate: cutoff.rfc3339)
  }
}
