/// What operators tell running workers: orders wait in the store until the worker asks for them.
///
/// An order is for the incarnation that is announced when it is given: a worker that starts anew under the same name has
/// none of its predecessor's. Orders are not durable; they are worth nothing after the death of their worker.
public protocol WorkerOrders: Sendable {
  /// Gives an order; `false` when no worker of this name is announced. Orders of one worker are numbered in the order in
  /// which they were given. `scale` below 1 is `invalid`.
  func order(_ order: WorkerOrder, worker name: String) async throws(EngineError) -> Bool

  /// Orders for an incarnation after a number, oldest first; waits for the first one. Asking after a number says that
  /// everything up to it was obeyed: it is forgotten. A worker that does not ask keeps the newest 100. A wait that is
  /// cancelled ends with nothing.
  func nextOrders(
    worker: String, incarnation: String, after number: Int64, wait: Duration
  ) async throws(EngineError) -> [NumberedOrder]
}

/// What a worker is told.
public enum WorkerOrder: Sendable, Hashable {
  /// Finish what runs and fetch nothing more.
  case quiet
  /// Fetch again.
  case resume
  /// Drain and end.
  case stop
  /// Run so many tasks at once from now on.
  case scale(Int)
}

/// An order with its place.
public struct NumberedOrder: Sendable, Hashable {
  /// Grows with every order of a store, from 1.
  public var number: Int64
  public var order: WorkerOrder

  /// An order under a number.
  public init(number: Int64, order: WorkerOrder) {
    self.number = number
    self.order = order
  }
}
