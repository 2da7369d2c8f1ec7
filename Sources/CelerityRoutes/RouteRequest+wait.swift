public import CelerityCore
import CelerityTasks

extension RouteRequest {
  /// The `wait` of the query: a plain decimal number of seconds, from 0 to the longest time that answers are held back;
  /// `nil` when there is none. Throws 422.
  public func wait(upTo longest: Int) throws(RouteError) -> Duration? {
    guard let text = try queryValue("wait") else { return nil }
    // `Double` would also take hexadecimal digits, signs and words.
    let isDecimal = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
    guard isDecimal, let seconds = Double(text), (0...Double(longest)).contains(seconds),
      let wait = Duration(clientSeconds: seconds)
    else {
      let detail = "must be a number of seconds from 0 to \(longest)"
      throw RouteError(422, "invalid-query", "wait \(detail)", issues: [.init(pointer: "/wait", detail: detail)])
    }
    return wait
  }

  /// A task of the client's tenant once it has ended, or as it is when the time is over or the client has gone. Nobody's
  /// thread waits, so however many clients wait, others are served.
  public func lookup(
    _ id: TaskID, waiting wait: Duration, _ environment: ServiceEnvironment
  ) async throws -> RecordLookup {
    let waiter = environment.tasks.waiter
    let key = TaskKey(id, tenant: tenant)
    if wait > .zero, let client {
      let ended = try await client.whilePresent { try await waiter.wait(for: key, timeout: wait) }
      if let ended { return ended }
    }
    return try await waiter.wait(for: key, timeout: client == nil ? wait : .zero)
  }
}
