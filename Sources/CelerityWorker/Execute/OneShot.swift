import Synchronization

/// A value that is set once and awaited once; who sets it first wins.
final class OneShot<Value: Sendable>: Sendable {
  private enum State {
    case empty
    case waiting(CheckedContinuation<Value, Never>)
    case resolved(Value)
  }

  private let state = Mutex(State.empty)

  /// Sets the value; `false` when it was set before.
  @discardableResult
  func resolve(_ value: Value) -> Bool {
    let (isFirst, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Value, Never>?) in
      switch state {
      case .empty:
        state = .resolved(value)
        return (true, nil)
      case .waiting(let continuation):
        state = .resolved(value)
        return (true, continuation)
      case .resolved:
        return (false, nil)
      }
    }
    waiter?.resume(returning: value)
    return isFirst
  }

  func value() async -> Value {
    await withCheckedContinuation { continuation in
      let value = state.withLock { state -> Value? in
        if case .resolved(let value) = state { return value }
        state = .waiting(continuation)
        return nil
      }
      if let value { continuation.resume(returning: value) }
    }
  }
}
