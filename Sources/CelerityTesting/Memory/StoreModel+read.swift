public import CelerityCore

extension StoreModel {
  /// `RecordReader.records`.
  public func records(_ keys: [TaskKey], at moment: Moment) -> [RecordLookup] {
    keys.map { key in
      if let slot = slots[key] { return .found(rows[slot].record) }
      return tombstones.value(key, at: moment.storeTime) == nil ? .unknown : .expired
    }
  }

  /// `RecordReader.list`.
  public func list(_ query: RecordQuery) -> RecordPage {
    var fill = RecordPageFill(query)
    for (position, record) in Newest(self, query) {
      guard fill.take(record, at: position) else { return fill.page(hasMore: true) }
    }
    return fill.page(hasMore: false)
  }

  /// `RecordReader.tally`.
  public func tally(_ query: RecordQuery) -> [RecordTally] {
    var query = query
    query.filter = nil
    query.cursor = nil
    var counts: [RecordTally: Int] = [:]
    for (_, record) in Newest(self, query) {
      counts[RecordTally(record.state, record.message.priority, count: 0), default: 0] += 1
    }
    return counts.map { RecordTally($0.state, $0.priority, count: $1) }
  }

  /// `RecordReader.count`.
  public func count(_ query: RecordQuery) -> RecordCount {
    var total = 0
    var scanned = 0
    for (_, record) in Newest(self, query) {
      if scanned == query.longestScan { return RecordCount(total: total, isExact: false) }
      scanned += 1
      if query.filter?.matches(record) ?? true { total += 1 }
    }
    return RecordCount(total: total, isExact: true)
  }

  /// `ChangeFeed.changes`. A gap is where a record was forgotten whose last change the reader has not seen.
  public func changes(after seq: ChangeNumber, tenant: Tenant?, limit: Int) -> ChangePage {
    var records: [TaskRecord] = []
    var bytes = 0
    var hasMore = false
    var place = feed.next(after: Place(order: seq, position: .max, slot: 0))
    while let found = place, !hasMore {
      let record = rows[found.slot].record
      if tenant == nil || record.message.tenant == tenant {
        hasMore = records.count == max(1, limit) || bytes >= ChangePage.byteLimit
        if !hasMore { records.append(record) }
        bytes += record.contentBytes
      }
      place = feed.next(after: found)
    }
    return ChangePage(
      records: records, next: records.last?.seq ?? seq, gap: forgottenSeq > seq, hasMore: hasMore)
  }
}

/// Records that fit a query's conditions without its filter, newest first.
private struct Newest: Sequence, IteratorProtocol {
  private let model: StoreModel
  /// `nil` when nothing can fit.
  private let query: RecordQuery?
  private var place: Place

  init(_ model: StoreModel, _ query: RecordQuery) {
    self.model = model
    self.query = query.narrowed
    let start = query.cursor?.position ?? .max
    place = Place(order: start, position: start, slot: 0)
  }

  mutating func next() -> (position: Int64, record: TaskRecord)? {
    while let query, let found = model.acceptance.previous(before: place) {
      place = found
      let record = model.rows[found.slot].record
      if query.matches(record) { return (found.position, record) }
    }
    return nil
  }
}
