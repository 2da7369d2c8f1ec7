import CelerityCore
import CelerityJSON

/// Tells a person who waits for a task what the task waits for.
struct TaskReason: Sendable {
  let session: ClientSession
  let id: String
  /// Writes a line.
  let say: @Sendable (String) -> Void

  /// Tasks that end sooner need no words.
  private static let first = Duration.seconds(1)
  /// Between two looks.
  private static let interval = Duration.seconds(3)
  /// Between two lines that differ in their numbers only.
  private static let repetition = Duration.seconds(30)

  /// What was found out.
  struct Found: Sendable, Hashable {
    /// The state and the code of the weightiest reason.
    var kind: String
    var summary: String
    /// Whether the task does not run yet, or runs no longer.
    var isWaiting: Bool
  }

  /// Asks once; `nil` when that does not work in time.
  func read(within limit: Duration) async -> Found? {
    let answer = try? await withTimeLimit(limit) {
      try await session.gateway.json(.get(TaskPath.of(id) + "/why"))
    }
    guard let answer, let summary = answer["summary"]?.stringValue else { return nil }
    let state = answer["state"]?.stringValue ?? ""
    let code = answer["reasons"]?.elements()?.first?["code"]?.stringValue ?? ""
    return Found(
      kind: state + " " + code, summary: HumanText.shortMoments(summary),
      isWaiting: [TaskState.pending, .retry].map(\.rawValue).contains(state))
  }

  /// Runs an operation and tells meanwhile on a terminal; with `onlyWaiting` nothing is said of a task that runs.
  func telling(onlyWaiting: Bool, _ operation: @escaping @Sendable () async throws -> Void) async throws {
    guard session.output.terminal.isErrorTerminal else { return try await operation() }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await operation()
        return true
      }
      group.addTask {
        await tell(onlyWaiting: onlyWaiting)
        return false
      }
      defer { group.cancelAll() }
      while let hasEnded = try await group.next(), !hasEnded {}
    }
  }

  private func tell(onlyWaiting: Bool) async {
    var last: (found: Found, at: ContinuousClock.Instant)?
    var pause = Self.first
    while (try? await Task.sleep(for: pause)) != nil {
      pause = Self.interval
      guard let found = await read(within: .seconds(5)), !Task.isCancelled else { continue }
      let hasEnded = TaskState(rawValue: String(found.kind.prefix { $0 != " " }))?.isTerminal ?? false
      if hasEnded || onlyWaiting && !found.isWaiting { continue }
      if let last, last.found.kind == found.kind {
        guard last.found.summary != found.summary, .now - last.at >= Self.repetition else { continue }
      }
      last = (found, .now)
      say(SafeText.line("waiting for \(id): \(found.summary)"))
    }
  }
}
