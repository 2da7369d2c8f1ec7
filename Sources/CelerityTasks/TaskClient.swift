public import CelerityCore
import CelerityJSON

/// Submits tasks and reads their results: what HTTP handlers, services and Swift programs use.
public struct TaskClient: Sendable {
  public let engine: any Engine
  public let records: any RecordReader
  public let waiter: RecordWaiter
  public let ids: any IDSource
  public let time: any TimeSource

  /// A client on a store.
  public init(
    engine: any Engine, records: any RecordReader, waiter: RecordWaiter, ids: any IDSource = UUIDv7(),
    time: any TimeSource = SystemTime()
  ) {
    self.engine = engine
    self.records = records
    self.waiter = waiter
    self.ids = ids
    self.time = time
  }

  /// Submits a typed task; durable when this returns.
  public func submit<T: TaskDefinition>(
    _ task: T.Type, _ input: T.Input, tenant: Tenant = .default, priority: Priority? = nil, delay: Duration? = nil
  ) async throws -> TaskID {
    let message = TaskMessage(
      id: TaskID(stored: ids.next()), task: T.name, queue: T.options.queue, kwargs: try RawJSONEncoder().encode(input),
      tenant: tenant, priority: priority ?? T.options.priority, eta: delay.map { time.now + $0 })
    return try await submit(Submission(message))
  }

  /// Submits a message; durable when this returns. Throws `conflict` when its id or key is taken by other work, `queueFull` when
  /// its limit on the queue's depth is reached.
  @discardableResult
  public func submit(_ submission: Submission) async throws(EngineError) -> TaskID {
    let result = try await engine.submit([submission])[0]
    switch result {
    case .accepted(let id, _), .existing(let id, _): return id
    case .conflict(let error): throw error
    case .queueFull(let depth, let limit): throw .queueFull(submission.message.queue, depth: depth, limit: limit)
    }
  }

  /// The result of a typed task, waiting for it; throws its `TaskFailure` when it failed or was revoked.
  public func result<T: TaskDefinition>(
    of id: TaskID, as task: T.Type, tenant: Tenant = .default, timeout: Duration? = nil
  ) async throws -> T.Output {
    guard let record = try await waiter.wait(for: TaskKey(id, tenant: tenant), timeout: timeout).record else {
      throw EngineError(.invalid, "no task \(id)")
    }
    switch record.state {
    case .success:
      return try RawJSONDecoder().decode(T.Output.self, from: record.result ?? .null)
    case .failure, .revoked:
      throw record.endingFailure ?? .revoked(nil)
    case .pending, .received, .started, .progress, .retry:
      throw EngineError(.unavailable, "task \(id) is \(record.state.rawValue) after the time given to wait")
    }
  }
}
