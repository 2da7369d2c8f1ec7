import CelerityCore
public import CelerityJSON

extension ResultMeta {
  /// The members of every record; a stamp of one of these names would be taken for it and is left out.
  private static let names: Set<String> = [
    "status", "result", "traceback", "children", "date_done", "group_id", "parent_id", "name", "args", "kwargs",
    "worker", "retries", "queue", "stamped_headers", "task_id",
  ]

  /// The record as Python's backends write it, its members in their order.
  public var json: RawJSON {
    var writer = JSONWriter(reservingCapacity: 256 + result.bytes.count)
    writer.beginObject()
    writer.member("status", status)
    writer.member("result", result)
    writer.member("traceback", orNull: traceback)
    writer.member("children", orNull: children)
    writer.member("date_done", orNull: dateDone.map(WireTime.text))
    writer.member("group_id", ifPresent: groupID)
    writer.member("parent_id", ifPresent: parentID)
    if let request { Self.write(request, &writer) }
    writer.member("task_id", id)
    writer.endObject()
    return writer.finish()
  }

  private static func write(_ request: Request, _ writer: inout JSONWriter) {
    writer.member("name", orNull: request.name)
    writer.member("args", orNull: request.args)
    writer.member("kwargs", orNull: request.kwargs)
    writer.member("worker", orNull: request.worker)
    writer.member("retries", orNull: request.retries)
    writer.member("queue", orNull: request.queue)
    guard let stamped = request.stampedHeaders else { return }
    writer.member("stamped_headers", RawJSON.array(stamped.map(RawJSON.string)))
    for (name, value) in request.stamps.sorted(by: { $0.key < $1.key }) where !names.contains(name) {
      writer.member(name, value)
    }
  }

  /// Reads a record; `nil` when it is none.
  public init?(_ json: RawJSON) {
    guard let members = json.members(), let status = members.value("status")?.stringValue,
      let id = members.value("task_id")?.stringValue
    else { return nil }
    self.init(
      id: id, status: status, result: members.value("result") ?? .null,
      traceback: members.value("traceback")?.stringValue, children: members.value("children"),
      dateDone: members.value("date_done")?.stringValue.flatMap(WireTime.time),
      groupID: members.value("group_id")?.stringValue, parentID: members.value("parent_id")?.stringValue,
      request: Self.request(members))
  }

  private static func request(_ members: [JSONMember]) -> Request? {
    guard members.contains(where: { $0.name == "name" || $0.name == "worker" || $0.name == "retries" }) else {
      return nil
    }
    var request = Request()
    request.name = members.value("name")?.stringValue
    request.args = members.value("args")
    request.kwargs = members.value("kwargs")
    request.worker = members.value("worker")?.stringValue
    request.retries = members.value("retries")?.int64Value.map(Int.init)
    request.queue = members.value("queue")?.stringValue
    request.stampedHeaders = members.value("stamped_headers")?.elements()?.compactMap(\.stringValue)
    for name in request.stampedHeaders ?? [] where !names.contains(name) {
      request.stamps[name] = members.value(name)
    }
    return request
  }
}
