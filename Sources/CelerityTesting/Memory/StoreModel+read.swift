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
    let limit = max(1, query.limit)
    let start = query.cursor?.position ?? .max
    var place = acceptance.previous(before: Place(order: start, position: start, slot: 0))
    var page: [TaskRecord] = []
    var last: Int64 = 0
    while let found = place {
      let record = rows[found.slot].record
      if query.matches(record) {
        if page.count == limit { return RecordPage(records: page, next: RecordCursor(position: last)) }
        page.append(record)
        last = found.position
      }
      place = acceptance.previous(before: found)
    }
    return RecordPage(records: page, next: nil)
  }

  /// `ChangeFeed.changes`. A gap is where a record was forgotten whose last change the reader has not seen.
  public func changes(after seq: ChangeNumber, tenant: Tenant?, limit: Int) -> ChangePage {
    var records: [TaskRecord] = []
    var place = feed.next(after: Place(order: seq, position: .max, slot: 0))
    while let found = place, records.count < max(1, limit) {
      if tenant == nil || rows[found.slot].record.message.tenant == tenant { records.append(rows[found.slot].record) }
      place = feed.next(after: found)
    }
    return ChangePage(records: records, next: records.last?.seq ?? seq, gap: forgottenSeq > seq)
  }
}
