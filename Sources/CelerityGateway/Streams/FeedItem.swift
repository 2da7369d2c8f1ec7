import CelerityCore
import CelerityJSON

/// A change as the stream of all tasks sends it, encoded once for all its readers.
struct FeedItem: Sendable, Hashable {
  let seq: ChangeNumber
  let tenant: Tenant
  let state: TaskState
  let task: String
  let queue: String
  let event: [UInt8]

  init(_ record: TaskRecord) {
    seq = record.seq
    tenant = record.message.tenant
    state = record.state
    task = record.message.task
    queue = record.message.queue
    event =
      ServerSentEvent(
        record.state.eventName, id: StreamPosition(seq: record.seq).text, json: FeedItem.json(record).bytes
      ).encoded
  }

  private static func json(_ record: TaskRecord) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 192)
    writer.beginObject()
    writer.member("id", record.message.id.text)
    writer.member("task", record.message.task)
    writer.member("state", record.state.rawValue)
    writer.member("queue", record.message.queue)
    writer.member("worker", orNull: record.worker)
    writer.member("seq", record.seq)
    writer.member("at", record.stateSince.rfc3339)
    writer.endObject()
    return writer.finish()
  }
}

extension TaskState {
  /// Reports of running code are events of their own kind, so that who follows states alone can leave them out.
  var eventName: String { self == .progress ? "progress" : "task" }
}

extension TaskRecord {
  /// When it came into its state, as far as the record tells.
  var stateSince: Timestamp {
    switch state {
    case .success, .failure, .revoked: finished ?? created
    case .received, .started, .progress: started ?? created
    case .pending, .retry: history.last.map { Timestamp(microseconds: $0.ended) } ?? created
    }
  }
}

/// Which changes a stream wants. All conditions must hold.
struct FeedFilter: Sendable, Hashable {
  var tenant: Tenant
  var states: Set<TaskState> = []
  var task: String?
  var queue: String?

  func matches(_ item: FeedItem) -> Bool {
    item.tenant == tenant && (states.isEmpty || states.contains(item.state)) && Self.isSame(item.task, as: task)
      && Self.isSame(item.queue, as: queue)
  }

  /// Byte by byte, as stores compare.
  private static func isSame(_ text: String, as wanted: String?) -> Bool {
    wanted.map { text.utf8.elementsEqual($0.utf8) } ?? true
  }
}
