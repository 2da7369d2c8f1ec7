import CelerityCore
import CelerityRoutes

extension EventHub {
  /// Opens a stream of all tasks: from a place on, or of what comes from now on.
  func stream(_ filter: FeedFilter, after position: StreamPosition?) async throws -> AsyncStream<[UInt8]> {
    let (ticket, last) = try await openFeed()
    let subscription = FeedSubscription(after: position?.seq, last: last)
    return EventStream(self, ticket, subscription) { [self] in
      try await read(after: $0.position, filter)
    }.pieces
  }

  /// What changed after a place; `nil` when nothing did. From the tail, or for who is too far behind from the store.
  private func read(after place: ChangeNumber, _ filter: FeedFilter) async throws -> FeedSubscription.Event? {
    let (reading, known) = read(after: place)
    switch reading {
    case .current: return nil
    case .items(let items, let next): return .read(items.filter(filter.matches), next: next, gap: false)
    case .behind:
      let page = try await feed.changes(after: place, tenant: filter.tenant, limit: limits.page)
      // The page was read after `known` was announced: when it is the last, nothing up to there is missing in it.
      let next = page.hasMore ? page.next : max(page.next, known)
      // A place that nothing moves on from is the end of a hub that closes: there the bell says what comes.
      if next <= place, !page.gap { return nil }
      return .read(page.records.map(FeedItem.init).filter(filter.matches), next: next, gap: page.gap)
    }
  }

  /// Opens a stream of one task, in a place that was taken before the task was looked up.
  func stream(
    _ key: TaskKey, _ ticket: StreamTicket, after position: StreamPosition?, records: any RecordReader,
    progress: any ProgressStore
  ) -> AsyncStream<[UInt8]> {
    EventStream(self, ticket, TaskSubscription(key, after: position)) { subscription in
      guard ticket.bell.takeChange() || subscription.hasMore else { return nil }
      // The log after the record: behind a record that has ended, the log is complete.
      guard let record = try await records.records([key])[0].record else { return .forgotten }
      let lines = try await progress.logs(
        of: key, after: subscription.position.line, limit: TaskSubscription.linesAtOnce)
      return .looked(record, lines: lines)
    }.pieces
  }
}
