import CelerityCore
import Logging
import Synchronization

extension EventHub {
  /// After a failed reading of the feed.
  private static let failurePause = Duration.milliseconds(500)
  /// Waking very many streams takes its time: changes gather meanwhile.
  private static let pausePerStream = Duration.microseconds(50)
  private static let shortestPause = Duration.milliseconds(2)

  /// Feeds the streams until cancelled, or until the store announces nothing more; then ends all of them.
  func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.readHints() }
      group.addTask { await self.readTail() }
      group.addTask { await self.beat() }
      await group.next()
      group.cancelAll()
    }
    close()
  }

  /// Never waits for anything but hints, so that none is lost for long.
  private func readHints() async {
    var batch: Int64?
    for await hint in hints {
      let isLost = batch.map { hint.batch != $0 + 1 } ?? true
      batch = hint.batch
      let (bells, hasFeeds) = state.withLock { state in
        state.announced = max(state.announced, hint.seq)
        let bells = state.watchers.isEmpty ? [] : Self.concerned(hint, isLost, state.watchers)
        return (bells, state.tail != nil)
      }
      for bell in bells { bell.ringForChange() }
      if hasFeeds { tailBell.continuation.yield() }
    }
  }

  /// The streams of the tasks that changed; all of them when hints were lost.
  private static func concerned(
    _ hint: ChangeHint, _ isLost: Bool, _ watchers: [TaskKey: [UInt64: StreamBell]]
  ) -> [StreamBell] {
    if isLost { return watchers.values.flatMap(\.values) }
    return (hint.changes.map(\.key) + hint.logged).flatMap { watchers[$0].map { Array($0.values) } ?? [] }
  }

  /// Keeps the tail at the end of the feed while somebody reads it.
  private func readTail() async {
    for await _ in tailBell.stream {
      while !Task.isCancelled, let (from, known) = missing() {
        do {
          let page = try await feed.changes(after: from, tenant: nil, limit: limits.page)
          await rest(Self.pausePerStream * take(page, after: from, known))
        } catch {
          logger.warning("could not read the change feed", metadata: ["error": "\(error)"])
          try? await time.sleep(for: Self.failurePause)
        }
      }
    }
  }

  /// The end of the tail and the last change known of, when that is further.
  private func missing() -> (from: ChangeNumber, known: ChangeNumber)? {
    state.withLock { state in
      guard let tail = state.tail, tail.end < state.announced else { return nil }
      return (tail.end, state.announced)
    }
  }

  /// Adds a page to the tail and wakes the streams; says how many.
  private func take(_ page: ChangePage, after from: ChangeNumber, _ known: ChangeNumber) -> Int {
    let items = page.records.map(FeedItem.init)
    // The page was read after `known` was announced: when it is the last, nothing up to there is missing in it.
    let next = page.hasMore ? page.next : max(page.next, known)
    let bells = state.withLock { state -> [StreamBell] in
      guard state.tail?.end == from else { return [] }  // begun anew meanwhile
      if page.gap { state.tail?.skip(to: next) } else { state.tail?.append(items, upTo: next) }
      return Array(state.feeds.values)
    }
    for bell in bells { bell.ringForChange() }
    return bells.count
  }

  private func rest(_ pause: Duration) async {
    if pause >= Self.shortestPause { try? await time.sleep(for: pause) }
  }

  /// Wakes all streams now and then, while there are any, so that they can show a sign of life.
  private func beat() async {
    for await _ in beatBell.stream {
      while openStreams > 0 {
        do { try await time.sleep(for: Heartbeat.tick(for: limits.heartbeat)) } catch { return }
        for bell in bells() { bell.ring() }
      }
    }
  }

  private func close() {
    state.withLock { $0.isClosed = true }
    for bell in bells() { bell.close() }
  }

  private func bells() -> [StreamBell] {
    state.withLock { Array($0.feeds.values) + $0.watchers.values.flatMap(\.values) }
  }
}
