public import CelerityCore
import RESPClient

extension RedisStore: ChangeFeed {
  /// Read in parts that end at the change which was the last when the first was read: a record that changes meanwhile does not
  /// come twice.
  public func changes(after seq: ChangeNumber, tenant: Tenant?, limit: Int) async throws(EngineError) -> ChangePage {
    let limit = max(1, limit)
    var page = ChangePage(records: [], next: seq, gap: false)
    var bytes = 0
    var top = ""
    var place = String(seq)
    while true {
      // One more than fits tells whether there are more.
      let count = tenant == nil ? min(limit - page.records.count, ReadScripts.tasks - 1) + 1 : ReadScripts.tasks
      let reply = try await ReadScripts.feed.engineRun(
        on: client,
        [
          .text(keys.prefix), .number(ReadScripts.bytes), .text(place), .text(top), .number(count),
          .text(tenant.map { "\($0.name)/" } ?? ""),
        ])
      guard let parts = reply.elements, parts.count >= 3, let last = parts[0].string, let next = parts[2].string else {
        throw EngineError(.corrupt, "the script that reads changes answered nonsense")
      }
      if top.isEmpty { top = last }
      page.gap = (parts[1].integer ?? 0) > seq
      for part in parts.dropFirst(3) {
        guard let found = try record(part) else { continue }
        if page.records.count == limit || bytes >= ChangePage.byteLimit {
          page.hasMore = true
          return page
        }
        page.records.append(found.record)
        page.next = found.record.seq
        bytes += found.record.contentBytes
      }
      if next.isEmpty { return page }
      place = next
    }
  }

  public func hints() -> AsyncStream<ChangeHint> { hintStreams.stream() }

  public func lastChange() async throws(EngineError) -> ChangeNumber {
    try await client.engineReplies([RESPCommand("GET", .text(keys.seq))])[0].integer ?? 0
  }
}
