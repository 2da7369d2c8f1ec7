public import CelerityCore
import Synchronization

/// Asks a slow question once for all who want to know the answer at the same time, and remembers the answer.
///
/// It owns the one task that asks: a question that hangs keeps nobody longer than his patience, and is not asked a second
/// time meanwhile.
public final class SharedAnswer<Value: Sendable>: Sendable {
  /// An answer, with what it took to get it.
  public struct Answer: Sendable {
    public var value: Value
    /// When it was there, on monotone time.
    public var finished: Duration
    /// How long it took.
    public var cost: Duration
  }

  private typealias Outcome = Result<Answer, EngineError>

  private struct State {
    var last: Answer?
    /// Since when the question is being asked.
    var asked: Duration?
    var nextID = 0
    var waiting: [Int: AsyncStream<Outcome>.Continuation] = [:]
  }

  private enum Entry {
    case known(Answer)
    case tooLate
    case wait(AsyncStream<Outcome>, isFirst: Bool)
  }

  private let state = Mutex(State())

  /// A question nobody has asked yet.
  public init() {}

  /// The last answer while it is fresh, else a new one; `nil` when that takes longer than the patience, or when the caller
  /// was cancelled. An answer somebody else is being given counts when it is fresh.
  public func answer(
    within patience: Duration? = nil, time: any TimeSource, isFresh: @Sendable (Answer) -> Bool,
    ask: @escaping @Sendable () async throws(EngineError) -> Value
  ) async throws(EngineError) -> Answer? {
    while true {
      switch enter(within: patience, time.uptime, isFresh) {
      case .known(let answer): return answer
      case .tooLate: return nil
      case .wait(let outcomes, let isFirst):
        if isFirst { Task { await self.run(time, ask) } }
        guard let outcome = await Self.first(of: outcomes, within: patience, time) else { return nil }
        let answer = try outcome.get()
        if isFirst || isFresh(answer) { return answer }
      }
    }
  }

  private func enter(within patience: Duration?, _ now: Duration, _ isFresh: (Answer) -> Bool) -> Entry {
    state.withLock { state in
      if let last = state.last, isFresh(last) { return .known(last) }
      if let asked = state.asked, let patience, now - asked >= patience { return .tooLate }
      let (outcomes, continuation) = AsyncStream.makeStream(of: Outcome.self, bufferingPolicy: .bufferingNewest(1))
      let id = state.nextID
      state.nextID += 1
      state.waiting[id] = continuation
      continuation.onTermination = { [weak self] _ in self?.state.withLock { $0.waiting[id] = nil } }
      let isFirst = state.asked == nil
      if isFirst { state.asked = now }
      return .wait(outcomes, isFirst: isFirst)
    }
  }

  private func run(_ time: any TimeSource, _ ask: @Sendable () async throws(EngineError) -> Value) async {
    let begun = time.uptime
    let outcome: Outcome
    do {
      let value = try await ask()
      let finished = time.uptime
      outcome = .success(Answer(value: value, finished: finished, cost: finished - begun))
    } catch {
      outcome = .failure(error)
    }
    let waiting = state.withLock { state in
      state.asked = nil
      if case .success(let answer) = outcome { state.last = answer }
      defer { state.waiting = [:] }
      return state.waiting.values.map { $0 }
    }
    for continuation in waiting {
      continuation.yield(outcome)
      continuation.finish()
    }
  }

  private static func first(
    of outcomes: AsyncStream<Outcome>, within patience: Duration?, _ time: any TimeSource
  ) async -> Outcome? {
    await withTaskGroup(of: Outcome?.self) { group in
      group.addTask {
        for await outcome in outcomes { return outcome }
        return nil
      }
      if let patience {
        group.addTask {
          try? await time.sleep(for: patience)
          return nil
        }
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }
}
