import CeleryWire

/// Names of the channels and tables by which kombu sends to everybody on Redis: `/<database>.<exchange>[/<routing key>]`, all of
/// it behind the key prefix.
struct FanoutNames: Sendable {
  let prefix: String
  let database: Int
  let control: String
  let events: String

  init(prefix: String, database: Int, control: String = "celery", events: String = "celeryev") {
    self.prefix = prefix
    self.database = database
    self.control = control
    self.events = events
  }

  /// Where commands are broadcast.
  var mailbox: String { channel("\(control).pidbox") }

  /// What workers tell of themselves.
  var workerEvents: String { channel("\(events)/worker.*") }

  func event(_ routingKey: String) -> String { channel("\(events)/\(routingKey)") }

  private func channel(_ name: String) -> String { "\(prefix)/\(database).\(name)" }

  /// What is bound to an exchange.
  func table(_ exchange: String) -> String { Keys(prefix: prefix).binding(exchange) }

  /// Until when tables of queues that expire are to be kept.
  var deadlines: String { "\(prefix)_kombu.binding_deadlines" }

  /// The entry of a queue that is bound by a key.
  static func entry(key: String = "", queue: String) -> String { KombuQueue.binding(queue, key: key) }
}
