public import CelerityCore
public import CelerityJSON

extension TaskContext {
  /// Sends a workflow now, as children of this task.
  @discardableResult
  public func publish(_ signature: Signature, args: [RawJSON] = []) async throws -> Publication {
    let publication = try expand(signature, args)
    for result in try await port.submit(publication.submissions) {
      switch result {
      case .accepted, .existing: break
      case .conflict(let error): throw error
      case .queueFull(let depth, let limit): throw EngineError.queueFull(message.queue, depth: depth, limit: limit)
      }
    }
    return publication
  }

  /// Sends a workflow together with this task's result: both or neither.
  @discardableResult
  public func publishWithResult(_ signature: Signature, args: [RawJSON] = []) throws -> Publication {
    let publication = try expand(signature, args)
    for submission in publication.submissions { port.submitWithResult(submission) }
    return publication
  }

  /// Lets another task or a workflow take this one's place: what comes last in it runs under this id, and what waits for this
  /// task or follows it waits for that. The result of a group is the list of its members' results. Never returns; what is
  /// thrown must reach the worker.
  public func replace(with signature: Signature) throws -> Never {
    let registry = registry
    port.replace(
      by: try Canvas.replacement(
        of: message, by: signature, ids: ids, queueOf: { registry[$0]?.options.queue }, now: time.now))
    throw Replaced()
  }

  /// Lets another task or a workflow take this one's place.
  public func replace(with workflow: some Workflow) throws -> Never { try replace(with: try workflow.signature()) }

  /// Sends a workflow now, as children of this task.
  @discardableResult
  public func publish(_ workflow: some Workflow) async throws -> Publication {
    try await publish(try workflow.signature())
  }

  /// Sends a workflow together with this task's result: both or neither.
  @discardableResult
  public func publishWithResult(_ workflow: some Workflow) throws -> Publication {
    try publishWithResult(try workflow.signature())
  }

  private func expand(_ signature: Signature, _ args: [RawJSON]) throws(CanvasError) -> Publication {
    let registry = registry
    let context = CanvasContext(childrenOf: message) { registry[$0]?.options.queue }
    return try Canvas.publish(signature, args: args, context: context, ids: ids, now: time.now)
  }

  /// Records a chord's body as failed, together with this task's result.
  func submitFailure(of body: Signature, _ failure: TaskFailure) {
    for submission in body.failed(with: failure, childOf: message, ids: ids, now: time.now) {
      port.submitWithResult(submission)
    }
  }
}

extension CanvasError: TaskFailureConvertible {
  public var taskFailure: TaskFailure { failure }
}
