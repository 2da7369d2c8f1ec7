import CelerityCore
import CelerityRoutes
import Logging
import Synchronization

/// Feeds all open streams from one reader of the change feed. A stream that waits costs nothing; a change is read and
/// encoded once, however many streams send it.
///
/// Nothing here waits for a client: streams are pulled, the tail is bounded, and who is too far behind reads the
/// compacted feed of the store.
final class EventHub: Sendable {
  /// How much streams may use.
  struct Limits: Sendable, Hashable {
    var streams: Int
    /// The longest silence on a stream.
    var heartbeat: Duration
    /// Changes read from the store or the tail at once.
    var page = 256
  }

  struct State {
    var isClosed = false
    var open = 0
    var nextID: UInt64 = 0
    /// Streams of all tasks.
    var feeds: [UInt64: StreamBell] = [:]
    /// Streams of one task.
    var watchers: [TaskKey: [UInt64: StreamBell]] = [:]
    /// There while somebody reads it.
    var tail: FeedTail?
    /// The last change that was announced, or known of when a stream was opened.
    var announced: ChangeNumber = 0
  }

  let limits: Limits
  let feed: any ChangeFeed
  let time: any TimeSource
  let logger: Logger
  let state = Mutex(State())
  /// From the beginning, so that no hint is missed between now and `run`.
  let hints: AsyncStream<ChangeHint>
  /// Rung when the tail may be behind.
  let tailBell = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  /// Rung when the first stream is opened.
  let beatBell = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  init(_ limits: Limits, feed: any ChangeFeed, time: any TimeSource, logger: Logger) {
    self.limits = limits
    self.feed = feed
    self.time = time
    self.logger = logger
    hints = feed.hints()
  }

  /// How many streams are open.
  var openStreams: Int { state.withLock { $0.open } }

  // MARK: Opening

  /// A place for a stream of all tasks, and the last change there is.
  func openFeed() async throws -> (ticket: StreamTicket, last: ChangeNumber) {
    let (ticket, id) = try take(StreamBell(hasChange: false)) { id, state in
      state.feeds[id] = nil
      if state.feeds.isEmpty { state.tail = nil }
    }
    let last = try await feed.lastChange()
    try state.withLock { state throws(RouteError) in
      // It may have closed meanwhile: nobody would ring the bell any more.
      if state.isClosed { throw .streamsClosed }
      state.feeds[id] = ticket.bell
      state.announced = max(state.announced, last)
      if state.tail == nil { state.tail = FeedTail(at: last) }
    }
    tailBell.continuation.yield()
    return (ticket, last)
  }

  /// A place for a stream of one task. Whatever changes after this rings its bell.
  func openTask(_ key: TaskKey) throws(RouteError) -> StreamTicket {
    let bell = StreamBell(hasChange: true)
    let (ticket, id) = try take(bell) { id, state in
      state.watchers[key]?[id] = nil
      if state.watchers[key]?.isEmpty == true { state.watchers[key] = nil }
    }
    try state.withLock { state throws(RouteError) in
      if state.isClosed { throw .streamsClosed }
      state.watchers[key, default: [:]][id] = bell
    }
    return ticket
  }

  private func take(
    _ bell: StreamBell, leave: @escaping @Sendable (UInt64, inout State) -> Void
  ) throws(RouteError) -> (ticket: StreamTicket, id: UInt64) {
    let (id, isFirst) = try state.withLock { state throws(RouteError) in
      if state.isClosed { throw .streamsClosed }
      guard state.open < limits.streams else { throw .tooManyStreams(limits.streams) }
      state.open += 1
      state.nextID += 1
      return (state.nextID, state.open == 1)
    }
    if isFirst { beatBell.continuation.yield() }
    let ticket = StreamTicket(bell: bell) { [weak self] in
      self?.state.withLock { state in
        state.open -= 1
        leave(id, &state)
      }
    }
    return (ticket, id)
  }

  // MARK: Reading

  /// What a stream at a place reads next, and the last change known of.
  func read(after seq: ChangeNumber) -> (reading: FeedTail.Reading, announced: ChangeNumber) {
    state.withLock { state in
      (state.tail?.read(after: seq, limit: limits.page) ?? .behind, state.announced)
    }
  }
}

extension RouteError {
  fileprivate static func tooManyStreams(_ limit: Int) -> RouteError {
    RouteError(
      503, "too-many-streams", "\(limit) event streams are open, and more are not served",
      hint: "close streams that nobody reads, or raise gateway.maximum_streams", headers: [("Retry-After", "5")])
  }

  fileprivate static let streamsClosed = RouteError(
    503, "engine-unavailable", "the store announces no changes any more", headers: [("Retry-After", "2")])
}
