import CelerityCore
import CelerityWorker
import Synchronization

/// Counts what happened and lets a test wait until it has happened often enough: a signal instead of a sleep.
final class Tally: Sendable {
  private struct State {
    var count = 0
    var waiters: [(count: Int, wake: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  var count: Int { state.withLock { $0.count } }

  func add() {
    let woken = state.withLock { state in
      state.count += 1
      let woken = state.waiters.filter { $0.count <= state.count }
      state.waiters.removeAll { $0.count <= state.count }
      return woken
    }
    for waiter in woken { waiter.wake.resume() }
  }

  /// Returns when it has happened so often.
  func reach(_ count: Int = 1) async {
    await withCheckedContinuation { continuation in
      let isReached = state.withLock { state in
        if state.count >= count { return true }
        state.waiters.append((count, continuation))
        return false
      }
      if isReached { continuation.resume() }
    }
  }
}

/// A value under a lock, for what code in tasks writes down.
final class Noted<Value: Sendable>: Sendable {
  private let state: Mutex<Value>

  init(_ value: Value) { state = Mutex(value) }

  var value: Value { state.withLock { $0 } }

  func change(_ body: (inout Value) -> Void) { state.withLock { body(&$0) } }
}

/// Remembers what a worker tells of attempts.
final class NotedEvents: WorkerTelemetry {
  private let state = Mutex<[(id: String, event: WorkerEvent)]>([])

  /// What was told of a task.
  func of(_ id: String = "t1") -> [WorkerEvent] {
    state.withLock { $0.filter { $0.id == id }.map(\.event) }
  }

  func observe(_ event: WorkerEvent, of delivery: Delivery) {
    state.withLock { $0.append((delivery.message.id.text, event)) }
  }
}
