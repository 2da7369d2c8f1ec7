import CelerityCore
import CelerityRoutes
import CelerityTasks
import Synchronization

/// How many of the service's tasks have each state and priority.
///
/// A store counts by looking at all of its records. So one count goes on at a time, and its answer serves everybody until
/// the store changes. Where counting takes long, an answer also serves for ten times what it took: counting never uses
/// more than a tenth of one core, and what is shown is that old at most.
final class TaskTally: Sendable {
  /// Counts as they were.
  struct Counts: Sendable {
    var tallies: [RecordTally]
    /// The store's last change before the counting.
    var change: ChangeNumber
    /// Whether nothing has changed since.
    var isExact = true

    /// How many have one of these states (none: any) and a priority of this band (`nil`: any).
    func total(_ states: Set<TaskState>, _ band: PriorityBand?) -> Int {
      tallies.filter { tally in
        (states.isEmpty || states.contains(tally.state)) && (band == nil || PriorityBand(tally.priority) == band)
      }.reduce(0) { $0 + $1.count }
    }
  }

  private struct Question: Hashable {
    var tenant: Tenant
    var isWaitingOnly: Bool
  }

  /// Counting that takes no longer is done anew after every change.
  private static let cheap = Duration.milliseconds(20)
  /// Older counts of what waits are not shown, if new ones are there in time.
  private static let freshness = Duration.milliseconds(500)

  private let tasks: Set<String>
  private let answers = Mutex<[Question: SharedAnswer<Counts>]>([:])

  /// A tally of tasks of these names.
  init(tasks: Set<String>) { self.tasks = tasks }

  /// All tasks there are; `nil` only for a caller that was cancelled.
  func all(_ tenant: Tenant, _ environment: ServiceEnvironment) async throws(EngineError) -> Counts? {
    let present = try await environment.changes.lastChange()
    let now = environment.time.uptime
    let counts = try await shared(Question(tenant: tenant, isWaitingOnly: false)).answer(
      time: environment.time,
      isFresh: { answer in
        let isRecent = answer.cost > Self.cheap && now - answer.finished < answer.cost * 10
        return answer.value.change >= present || isRecent
      }, ask: ask(RecordQuery(tenant: tenant), environment))
    return counts.map {
      Counts(tallies: $0.value.tallies, change: $0.value.change, isExact: $0.value.change >= present)
    }
  }

  /// Tasks that have not started; `nil` when the store does not say it in time.
  func waiting(
    _ tenant: Tenant, within patience: Duration, _ environment: ServiceEnvironment
  ) async throws(EngineError) -> Counts? {
    let now = environment.time.uptime
    return try await shared(Question(tenant: tenant, isWaitingOnly: true)).answer(
      within: patience, time: environment.time,
      isFresh: { now - $0.finished < max(Self.freshness, $0.cost * 10) },
      ask: ask(RecordQuery(tenant: tenant, states: [.pending, .retry]), environment))?.value
  }

  private func shared(_ question: Question) -> SharedAnswer<Counts> {
    answers.withLock { answers in
      if let known = answers[question] { return known }
      let new = SharedAnswer<Counts>()
      answers[question] = new
      return new
    }
  }

  private func ask(
    _ query: RecordQuery, _ environment: ServiceEnvironment
  ) -> @Sendable () async throws(EngineError) -> Counts {
    var query = query
    query.tasks = tasks
    return { [query] () async throws(EngineError) in
      let change = try await environment.changes.lastChange()
      return Counts(tallies: try await environment.tasks.records.tally(query), change: change)
    }
  }
}
