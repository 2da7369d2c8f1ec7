import NIOCore
import Synchronization

/// One connection. Any number of tasks may send at once: what they send between two turns of the event loop goes out in
/// one write, and each gets its own replies. A blocking command (`BLMOVE`, `BRPOP`) holds up everybody behind it and needs
/// a connection of its own.
public final class RedisConnection: Sendable {
  private struct Outbox {
    var pipelines: [Pipeline] = []
    var isScheduled = false
    var isClosed = false
  }

  private let channel: any Channel
  private let outbox = Mutex(Outbox())

  init(_ channel: any Channel) {
    self.channel = channel
    channel.closeFuture.whenComplete { [weak self] _ in self?.refuseAll() }
  }

  /// Sends commands together and waits for all their replies. An error that the server answers is a reply like any other:
  /// the commands behind it were carried out.
  ///
  /// Cancelling ends the wait; whether the commands were carried out is then not known.
  public func send(_ commands: [RESPCommand]) async throws -> [RESPValue] {
    guard !commands.isEmpty else { return [] }
    let pipeline = Pipeline(commands)
    enqueue(pipeline)
    return try await pipeline.outcome()
  }

  /// Sends commands together and waits for their replies until a time at most.
  func send(_ commands: [RESPCommand], until end: ContinuousClock.Instant) async throws -> [RESPValue] {
    try await withThrowingTaskGroup(of: [RESPValue].self) { group in
      group.addTask { try await self.send(commands) }
      group.addTask {
        try await Task.sleep(until: end, clock: .continuous)
        throw RedisError(.timedOut, "the server did not answer in time")
      }
      defer { group.cancelAll() }
      guard let replies = try await group.next() else { throw RedisError(.timedOut, "nobody waits for the reply") }
      return replies
    }
  }

  /// Sends one command; throws the error that the server answers.
  @discardableResult
  public func send(_ command: RESPCommand) async throws -> RESPValue {
    let reply = try await send([command])[0]
    if case .error(let error) = reply { throw RedisError(error) }
    return reply
  }

  /// Sends a command that has no reply of its own, such as SUBSCRIBE, whose answers are pushes.
  func post(_ command: RESPCommand) { enqueue(Pipeline([command], expectsReplies: false)) }

  /// Calls when it has ended.
  func whenClosed(_ body: @escaping @Sendable () -> Void) { channel.closeFuture.whenComplete { _ in body() } }

  /// Whether it can be used no more.
  public var isClosed: Bool { outbox.withLock { $0.isClosed } }

  /// Suspends until it has ended.
  public func closed() async { try? await channel.closeFuture.get() }

  /// Ends it; whoever waits for a reply is told that the connection was lost.
  public func close() async { try? await channel.close() }

  private func enqueue(_ pipeline: Pipeline) {
    let (isClosed, mustSchedule) = outbox.withLock { outbox -> (Bool, Bool) in
      guard !outbox.isClosed else { return (true, false) }
      outbox.pipelines.append(pipeline)
      defer { outbox.isScheduled = true }
      return (false, !outbox.isScheduled)
    }
    if isClosed { pipeline.end(.failure(RedisError(.unreachable, "the connection has ended"))) }
    if mustSchedule { channel.eventLoop.execute { self.flush() } }
  }

  private func flush() {
    let pipelines = outbox.withLock { outbox -> [Pipeline] in
      outbox.isScheduled = false
      defer { outbox.pipelines = [] }
      return outbox.pipelines
    }
    guard !pipelines.isEmpty else { return }
    channel.writeAndFlush(pipelines, promise: nil)
  }

  private func refuseAll() {
    let pipelines = outbox.withLock { outbox -> [Pipeline] in
      outbox.isClosed = true
      defer { outbox.pipelines = [] }
      return outbox.pipelines
    }
    for pipeline in pipelines { pipeline.end(.failure(RedisError(.unreachable, "the connection has ended"))) }
  }
}
