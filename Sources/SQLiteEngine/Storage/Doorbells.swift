import CelerityCore
import Synchronization

/// Where fetchers and maintenance wait for something to do, without polling.
final class Doorbells: Sendable {
  private struct State {
    var nextID: UInt64 = 0
    var parked: [UInt64: Parked] = [:]
    /// Rung before they parked.
    var rung: Set<UInt64> = []
    var waiting: Set<UInt64> = []
    var isClosed = false
  }

  private struct Parked {
    let wake: CheckedContinuation<Void, Never>
    /// When it will look again by itself.
    let deadline: Duration
  }

  private let state = Mutex(State())
  private let time: any TimeSource

  init(time: any TimeSource) { self.time = time }

  /// Runs an attempt until it gives something or the time is over. Every ring after an attempt began leads to another.
  func wait<T>(
    until deadline: Duration, _ attempt: () async throws(EngineError) -> (value: T, isEnough: Bool, next: Duration?)
  ) async throws(EngineError) -> T {
    while true {
      let ticket = register()
      defer { unregister(ticket) }
      let (value, isEnough, next) = try await attempt()
      if isEnough || time.uptime >= deadline || isClosed || Task.isCancelled { return value }
      await park(ticket, until: min(deadline, next.map { time.uptime + $0 } ?? deadline))
    }
  }

  /// Wakes everybody who waits.
  func ring() {
    let woken = state.withLock { state in
      if !state.waiting.isEmpty { state.rung.formUnion(state.waiting) }
      defer { state.parked = [:] }
      return state.parked.values.map(\.wake)
    }
    for continuation in woken { continuation.resume() }
  }

  /// Wakes those who would look again only after something is due.
  func ring(dueIn wait: Duration) {
    let due = time.uptime + wait
    let woken = state.withLock { state in
      let late = state.parked.filter { $0.value.deadline > due }
      // Who is not parked yet has perhaps looked before this was there.
      state.rung.formUnion(state.waiting.subtracting(state.parked.keys))
      state.rung.formUnion(late.keys)
      for ticket in late.keys { state.parked[ticket] = nil }
      return late.values.map(\.wake)
    }
    for continuation in woken { continuation.resume() }
  }

  /// Wakes everybody for good.
  func close() {
    state.withLock { $0.isClosed = true }
    ring()
  }

  private var isClosed: Bool { state.withLock { $0.isClosed } }

  private func register() -> UInt64 {
    state.withLock { state in
      state.nextID += 1
      state.waiting.insert(state.nextID)
      return state.nextID
    }
  }

  private func unregister(_ ticket: UInt64) {
    state.withLock { state in
      state.waiting.remove(ticket)
      state.rung.remove(ticket)
    }
  }

  private func park(_ ticket: UInt64, until deadline: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.parked(ticket, until: deadline) }
      group.addTask { try? await self.time.sleep(until: deadline) }
      await group.next()
      group.cancelAll()
    }
  }

  private func parked(_ ticket: UInt64, until deadline: Duration) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isLate = state.withLock { state -> Bool in
          if state.isClosed || state.rung.contains(ticket) || Task.isCancelled { return true }
          state.parked[ticket] = Parked(wake: continuation, deadline: deadline)
          return false
        }
        if isLate { continuation.resume() }
      }
    } onCancel: {
      let parked = state.withLock { state in
        state.rung.insert(ticket)
        return state.parked.removeValue(forKey: ticket)
      }
      parked?.wake.resume()
    }
  }
}
