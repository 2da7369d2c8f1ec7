import CelerityCore
import CelerityJSON

/// Waits until a task has ended.
struct TaskWait: Sendable {
  let session: ClientSession
  let id: String
  /// When to stop waiting; `nil`: never.
  let deadline: ContinuousClock.Instant?
  /// Whether the gateway has answered before: then one that does not is waited for, too.
  let isKnownToExist: Bool

  /// No gateway holds an answer longer.
  private static let hold = Duration.seconds(30)

  /// The task as it is after its end. Throws exit code 124 at the deadline, and 130 on Ctrl-C; both say how to go on.
  func run(showsProgress: Bool) async throws(ClientError) -> RawJSON {
    do {
      if showsProgress {
        try await follow()
      } else {
        let reason = TaskReason(session: session, id: id) { session.output.note($0) }
        try await reason.telling(onlyWaiting: false) { try await poll() }
      }
    } catch is CancellationError {
      throw detached()
    } catch is TimeLimitReached {
      throw await tooLate()
    } catch let error as ClientError {
      throw error.status == .interrupted ? detached() : error
    } catch {
      throw ClientError("waiting failed", cause: "\(error)")
    }
    return try await session.gateway.json(.get(TaskPath.of(id)))
  }

  private func follow() async throws {
    let view = ProgressView(output: session.output, id: id)
    defer { view.close() }
    let reason = TaskReason(session: session, id: id) { view.say($0) }
    let follower = EventFollower(
      gateway: session.gateway, path: TaskPath.of(id) + "/events", isKnownToExist: isKnownToExist)
    try await withDeadline(deadline) {
      try await reason.telling(onlyWaiting: true) {
        try await view.ticking {
          try await follower.run(notice: { view.notice($0) }) { event in view.on(event) }
        }
      }
    }
  }

  private func poll() async throws {
    let patience = Duration.seconds(60)
    var outage = Outage(patience: isKnownToExist ? patience : .zero)
    while true {
      let left = deadline.map { $0 - .now } ?? Self.hold
      guard left > .zero else { throw TimeLimitReached() }
      // One that never answered is asked for an answer at once: the hold of a first question would hide that it is there.
      switch await ask(holding: outage.patience == .zero ? .zero : min(left, Self.hold)) {
      case .success(let answer):
        if outage.end() { session.output.note("the gateway is back") }
        outage.patience = patience
        if answer.status == 200 { return }
      case .failure(let error):
        try await bear(error, &outage)
      }
    }
  }

  private func ask(holding time: Duration) async -> Result<GatewayAnswer, ClientError> {
    do throws(ClientError) {
      return .success(try await session.gateway.send(request(holding: time)))
    } catch {
      return .failure(error)
    }
  }

  /// A gateway that is started again has forgotten nothing: the task goes on, and so does the waiting.
  private func bear(_ error: ClientError, _ outage: inout Outage) async throws {
    guard error.status == .unavailable || error.status == .tryLater else { throw error }
    let now = ContinuousClock.now
    let isFirst = outage.begin(isQuiet: false, at: now)
    if outage.isTooLong(at: now) { throw error }
    if isFirst { session.output.note(SafeText.line("\(error.what); trying again")) }
    let pause = outage.pause(asked: 1000, at: now)
    try await Task.sleep(for: deadline.map { min(pause, max(.zero, $0 - .now)) } ?? pause)
  }

  private func request(holding time: Duration) -> GatewayRequest {
    let seconds = max(0, min(time.inSeconds, 30))
    var request = GatewayRequest.get(
      TaskPath.of(id) + "/result", query: [("wait", String(Double(Int(seconds * 1000)) / 1000))])
    request.hold = .seconds(seconds)
    return request
  }

  private func detached() -> ClientError {
    ClientError.chosen(
      "detached: task \(id) goes on",
      hint: "celerity task watch \(ShellWords.quoted(id))   or   celerity task cancel \(ShellWords.quoted(id))",
      status: .interrupted)
  }

  private func tooLate() async -> ClientError {
    let reason = await TaskReason(session: session, id: id) { _ in }.read(within: .seconds(2))
    let cause = [reason?.summary, "it goes on; only the waiting has ended"].compactMap(\.self)
    return ClientError(
      "task \(id) has not ended in time", cause: cause.joined(separator: "\n"),
      hint: "celerity task watch \(ShellWords.quoted(id))   or   celerity task why \(ShellWords.quoted(id))",
      status: .timedOut)
  }
}

/// Runs an operation until a moment; without one it may take as long as it takes.
func withDeadline(
  _ deadline: ContinuousClock.Instant?, _ operation: @escaping @Sendable () async throws -> Void
) async throws {
  guard let deadline else { return try await operation() }
  try await withTimeLimit(max(.zero, deadline - .now), operation)
}
