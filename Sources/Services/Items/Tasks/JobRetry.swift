import CelerityCore
import CelerityTasks

/// How the service's heavy tasks are retried: three times, after `items.retry_base`, twice and four times that. A failure
/// that nothing follows is kept in the archive.
enum JobRetry {
  static let longestDelay = Duration.seconds(600)

  /// Runs an attempt.
  static func run<Value>(
    _ context: TaskContext, maxRetries: Int, _ work: () async throws -> Value
  ) async throws -> Value {
    do {
      return try await work()
    } catch {
      let limit = context.message.extras.maxRetries ?? maxRetries
      // What was told to stop is not to be tried again from here: the platform knows why it was told.
      if let reason = context.stopReason {
        if reason == .softTimeLimit { await keep("it was told to stop at its soft time limit", context) }
        throw error
      }
      if let refusal = error as? JobRefusal { throw refusal }
      if context.message.retries >= limit { await keep("\(error)", context) }
      throw Retry(after: delay(context), because: error)
    }
  }

  /// Base × 2ⁿ, spread over its upper half so that tasks that failed together don't come back together; by the task's id
  /// and not by chance, so that delays of one task grow.
  static func delay(_ context: TaskContext) -> Duration {
    let base = context.resources.settings[ItemsService.retryBase]
    let full = min(base * (1 << min(context.message.retries, 20)), longestDelay)
    let digest = SHA256.digest(Array(context.id.text.utf8))
    let spread = Double(digest[0]) / 255
    return full * (0.5 + spread / 2)
  }

  /// Best effort: the record has the failure too, and a store that does not answer is often what failed.
  private static func keep(_ error: String, _ context: TaskContext) async {
    let archive = ResultArchive(documents: context.resources.documents, tenant: context.tenant)
    let row = ArchivedResult(
      taskID: context.id.text, status: TaskState.failure.rawValue, error: error,
      completed: context.resources.time.now)
    await withoutCancellation { try? await archive.keep(row) }
  }
}
