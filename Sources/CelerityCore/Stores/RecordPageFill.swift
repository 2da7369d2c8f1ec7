/// Fills a page of a query, for stores that look at records one by one: newest first, those that fit the query's conditions.
/// Its filter, limits and skip are minded here.
public struct RecordPageFill: Sendable {
  private let query: RecordQuery
  private var records: [TaskRecord] = []
  private var scanned = 0
  private var skipped: Int
  private var bytes = 0
  private var last: Int64 = 0

  /// An empty page; so many of the records to skip were passed over already.
  public init(_ query: RecordQuery, passed: Int = 0) {
    self.query = query
    skipped = passed
  }

  /// Takes the next record; `false` when the page is full without it.
  public mutating func take(_ record: TaskRecord, at position: Int64) -> Bool {
    if records.count == max(1, query.limit) || scanned == query.longestScan || bytes >= query.byteLimit { return false }
    last = position
    let isWanted = query.filter?.matches(record) ?? true
    let isSkipped = isWanted && skipped < query.skip
    if isSkipped {
      skipped += 1
    } else if isWanted {
      records.append(record)
      bytes += record.contentBytes
    }
    if !isSkipped || query.filter != nil { scanned += 1 }
    return true
  }

  /// The page as it is filled.
  public func page(hasMore: Bool) -> RecordPage {
    RecordPage(records: records, next: hasMore ? RecordCursor(position: last) : nil, scanned: scanned)
  }
}
