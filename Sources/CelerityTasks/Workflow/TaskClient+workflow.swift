public import CelerityCore
import CelerityJSON

/// A workflow that was accepted.
public struct SubmittedWorkflow: Sendable, Hashable {
  /// Results as they hang together: what ends last, with what comes before it.
  public let result: ResultNode

  /// Ids of all tasks, in the order in which they can end.
  public var taskIDs: [TaskID] {
    var ids: [String] = []
    var node: ResultNode? = result
    while let part = node {
      ids = part.taskIDs + ids
      node = part.parent
    }
    return ids.map(TaskID.init(stored:))
  }

  /// Ids of what ends last: one task, or all members of a group.
  public var lastIDs: [TaskID] { result.taskIDs.map(TaskID.init(stored:)) }
}

extension TaskClient {
  /// Submits a workflow, all of it or nothing; durable when this returns.
  @discardableResult
  public func submit(_ workflow: some Workflow, tenant: Tenant = .default) async throws -> SubmittedWorkflow {
    let publication = try Canvas.publish(
      try workflow.signature(), context: CanvasContext(tenant: tenant), ids: ids, now: time.now)
    for (result, submission) in zip(try await engine.submit(publication.submissions), publication.submissions) {
      switch result {
      case .accepted, .existing: break
      case .conflict(let error): throw error
      case .queueFull(let depth, let limit):
        throw EngineError.queueFull(submission.message.queue, depth: depth, limit: limit)
      }
    }
    return SubmittedWorkflow(result: publication.result)
  }

  /// The result of a workflow that ends with one task, waiting for it; throws that task's `TaskFailure`.
  public func result<T: TaskDefinition>(
    of workflow: SubmittedWorkflow, as task: T.Type, tenant: Tenant = .default, timeout: Duration? = nil
  ) async throws -> T.Output {
    guard let output = try await results(of: workflow, as: task, tenant: tenant, timeout: timeout).last else {
      throw EngineError(.invalid, "the workflow has no task")
    }
    return output
  }

  /// The results of a workflow that ends with a group, in the order of its members; throws the first `TaskFailure`.
  public func results<T: TaskDefinition>(
    of workflow: SubmittedWorkflow, as task: T.Type, tenant: Tenant = .default, timeout: Duration? = nil
  ) async throws -> [T.Output] {
    let end = timeout.map { time.uptime + $0 }
    func left() -> Duration? { end.map { max(.zero, $0 - time.uptime) } }
    // A task is there as soon as the one before it has ended.
    let last = Set(workflow.lastIDs)
    for id in workflow.taskIDs where !last.contains(id) {
      let record = try await waiter.wait(for: TaskKey(id, tenant: tenant), timeout: left()).record
      guard let record, record.state.isTerminal else { break }
    }
    var outputs: [T.Output] = []
    for id in workflow.lastIDs {
      outputs.append(try await result(of: id, as: task, tenant: tenant, timeout: left()))
    }
    return outputs
  }
}
