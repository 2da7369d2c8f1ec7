import CelerityCore
import Dispatch
import Synchronization

/// A write that waits for its commit.
struct Job: Sendable {
  /// Whether its caller must not be answered before it is on the disk.
  let isDurable: Bool
  /// About how many rows it touches.
  let weight: Int
  let body: @Sendable (WriteTransaction) throws -> Void
  let finish: @Sendable (EngineError?) -> Void
}

/// Where writes gather while a commit is under way.
final class Inbox: Sendable {
  private struct State {
    var jobs: [Job] = []
    var isWaiting = false
    /// Why nothing is taken any more.
    var end: EngineError?
  }

  /// Most writes, and about how many rows, in one commit: bounds how long the first waits for the last.
  private static let largestGroup = (jobs: 512, weight: 4096)

  private let state = Mutex(State())
  private let arrival = DispatchSemaphore(value: 0)

  /// Why nothing is taken any more, if so.
  var end: EngineError? { state.withLock { $0.end } }

  func put(_ job: Job) {
    let (end, mustWake) = state.withLock { state -> (EngineError?, Bool) in
      if let end = state.end { return (end, false) }
      state.jobs.append(job)
      defer { state.isWaiting = false }
      return (nil, state.isWaiting)
    }
    if mustWake { arrival.signal() }
    if let end { job.finish(end) }
  }

  /// The next writes to commit together, as soon as there are any; `nil` when there will be none.
  func next() -> [Job]? {
    while true {
      let (group, isOver) = state.withLock { state -> ([Job], Bool) in
        let group = Self.takeGroup(&state.jobs)
        state.isWaiting = group.isEmpty && state.end == nil
        return (group, state.end != nil)
      }
      if !group.isEmpty { return group }
      if isOver { return nil }
      arrival.wait()
    }
  }

  /// Takes nothing more; what is waiting is still done.
  func close(_ end: EngineError) {
    let mustWake = state.withLock { state in
      if state.end == nil { state.end = end }
      defer { state.isWaiting = false }
      return state.isWaiting
    }
    if mustWake { arrival.signal() }
  }

  /// Takes nothing more and answers all who wait with the reason.
  func fail(_ end: EngineError) {
    let jobs = state.withLock { state in
      state.end = end
      defer { state.jobs = [] }
      return state.jobs
    }
    for job in jobs { job.finish(end) }
  }

  private static func takeGroup(_ jobs: inout [Job]) -> [Job] {
    var weight = 0
    var count = 0
    while count < min(jobs.count, largestGroup.jobs), count == 0 || weight + jobs[count].weight <= largestGroup.weight {
      weight += jobs[count].weight
      count += 1
    }
    let group = Array(jobs[..<count])
    jobs.removeFirst(count)
    return group
  }
}
