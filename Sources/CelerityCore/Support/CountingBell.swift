import Synchronization

/// Lets callers sleep until it rings or a time has come. Whoever read `rings` before looking for work can't miss a ring.
public final class CountingBell: Sendable {
  private struct State {
    var rings: UInt64 = 0
    var nextID: UInt64 = 0
    var parked: [UInt64: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  /// A bell that has not rung.
  public init() {}

  /// How often it rang.
  public var rings: UInt64 { state.withLock { $0.rings } }

  /// Wakes everybody who waits.
  public func ring() {
    let woken = state.withLock { state in
      state.rings += 1
      defer { state.parked = [:] }
      return Array(state.parked.values)
    }
    for continuation in woken { continuation.resume() }
  }

  /// Returns when it has rung more often than `rings`, at a time, or when the caller is cancelled.
  public func wait(beyond rings: UInt64, until uptime: Duration, on time: any TimeSource) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.park(beyond: rings) }
      group.addTask { try? await time.sleep(until: uptime) }
      await group.next()
      group.cancelAll()
    }
  }

  private func park(beyond rings: UInt64) async {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isLate = state.withLock { state -> Bool in
          if state.rings > rings || Task.isCancelled { return true }
          state.parked[id] = continuation
          return false
        }
        if isLate { continuation.resume() }
      }
    } onCancel: {
      let continuation = state.withLock { $0.parked.removeValue(forKey: id) }
      continuation?.resume()
    }
  }
}
