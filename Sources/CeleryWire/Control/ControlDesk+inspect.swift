import CelerityCore
import CelerityJSON

extension ControlDesk {
  /// A task as `inspect` shows it.
  func info(_ task: WorkerReport.Held, safely: Bool = false) -> RawJSON {
    let message = task.message
    let isRunning = task.started != nil
    return .object([
      ("id", .string(message.id.text)), ("name", .string(message.extras.shadow ?? message.task)),
      ("args", safely ? .string(PythonRepr.tuple(message.args)) : message.args),
      ("kwargs", safely ? .string(PythonRepr.value(message.kwargs)) : message.kwargs),
      ("type", .string(message.task)), ("hostname", .string(view.report.name)),
      ("time_start", task.started.flatMap { .double($0.seconds) } ?? .null),
      // Messages are acknowledged when their outcome is stored, so one that is held never is.
      ("acknowledged", .false),
      (
        "delivery_info",
        .object([
          ("exchange", .string("")), ("routing_key", .string(message.queue)),
          ("priority", .integer(Int64(message.priority.map { 9 - $0.value } ?? 0))),
          ("redelivered", .bool(task.attempt > message.retries + 1)),
        ])
      ),
      ("worker_pid", isRunning ? .integer(Int64(view.report.pid)) : .null),
    ])
  }

  func active(safely: Bool) -> RawJSON {
    .array(view.report.held.filter { $0.started != nil }.map { info($0, safely: safely) })
  }

  var reserved: RawJSON { .array(view.report.held.filter { $0.started == nil }.map { info($0) }) }

  var scheduled: RawJSON {
    .array(
      view.scheduled.map { message in
        .object([
          ("eta", message.eta.map { .string(WireTime.text($0)) } ?? .null), ("priority", .integer(6)),
          ("request", info(WorkerReport.Held(message))),
        ])
      })
  }

  func states(of ids: [String]) -> RawJSON {
    let held = Dictionary(view.report.held.map { ($0.message.id.text, $0) }) { first, _ in first }
    return .object(
      ids.compactMap { id in
        if let task = held[id] {
          return (id, .array([.string(task.started == nil ? "reserved" : "active"), info(task)]))
        }
        return view.waiting[id].map { (id, .array([.string("scheduled"), info(WorkerReport.Held($0))])) }
      })
  }

  /// Names with those attributes that are asked for and known, `shop.ship [rate_limit=10/m]`.
  func registered(_ arguments: ControlArguments) -> RawJSON {
    let asked = arguments.texts("taskinfoitems").filter { !$0.hasPrefix("_") }
    let items = asked.isEmpty ? ["exchange", "routing_key", "rate_limit"] : asked
    let hasBuiltins = arguments.flag("builtins")
    return .array(
      view.report.kinds.filter { hasBuiltins || !$0.name.hasPrefix("celery.") }.map { kind in
        let known = items.compactMap { item in kind.attribute(item).map { "\(item)=\($0)" } }
        return .string(known.isEmpty ? kind.name : "\(kind.name) [\(known.joined(separator: " "))]")
      })
  }

  var activeQueues: RawJSON { .array(view.report.queues.map(Self.queue)) }

  /// A direct, durable queue as kombu describes it, all of its members: programs compare the whole object.
  private static func queue(_ name: String) -> RawJSON {
    .object([
      ("name", .string(name)),
      (
        "exchange",
        .object([
          ("name", .string(name)), ("type", .string("direct")), ("arguments", .null), ("durable", .true),
          ("passive", .false), ("auto_delete", .false), ("delivery_mode", .null), ("no_declare", .false),
        ])
      ),
      ("routing_key", .string(name)), ("queue_arguments", .null), ("binding_arguments", .null),
      ("consumer_arguments", .null), ("durable", .true), ("exclusive", .false), ("auto_delete", .false),
      ("no_ack", .false), ("alias", .null), ("bindings", .emptyArray), ("no_declare", .null), ("expires", .null),
      ("message_ttl", .null), ("max_length", .null), ("max_length_bytes", .null), ("max_priority", .null),
    ])
  }

  /// Resident memory in the words of Celery's debug module.
  var memory: RawJSON {
    guard let kibibytes = view.usage.counts.first, kibibytes > 0 else { return .null }
    return .string("\((Double(kibibytes) / 1024 * 100).rounded() / 100)MB")
  }

  /// What the other worker knows as revoked comes as a list of ids, or, from older ones, as an object with times.
  func hello(_ arguments: ControlArguments) -> ControlAnswer {
    guard arguments.text("from_node") != view.report.name else { return ControlAnswer(.null) }
    let theirs = arguments["revoked"].map { $0.members()?.map(\.name) ?? arguments.texts("revoked") } ?? []
    let ours = Set(view.revoked)
    let all = view.revoked + theirs.filter { !ours.contains($0) }
    let reply = RawJSON.object([
      ("revoked", .array(all.map(RawJSON.string))), ("clock", .integer(view.clock)),
    ])
    return ControlAnswer(reply, theirs.isEmpty ? [] : [.learnRevoked(theirs)])
  }

  /// The words before the first line break are what clients look for.
  var report: String {
    let settings = view.settings.map { "\($0.0): \(PythonRepr.value($0.1))" }.joined(separator: "\n")
    return """

      software -> celery:5.7.0 (celerity \(view.report.version))
      platform -> system:Linux imp:Swift
      settings -> transport:\(view.broker.transport) results:\(view.broker.transport)

      \(settings)

      """
  }
}

extension WorkerReport.Kind {
  /// An attribute of Celery's task classes, as text; `nil` where it has none.
  fileprivate func attribute(_ name: String) -> String? {
    switch name {
    case "name": self.name
    case "queue": queue
    case "rate_limit": rate?.text
    case "time_limit": timeLimit.map { Self.python($0.inSeconds) }
    case "soft_time_limit": softTimeLimit.map { Self.python($0.inSeconds) }
    case "max_retries": maxRetries.map(String.init)
    case "ignore_result": ignoresResult ? "True" : "False"
    case "acks_late": "True"
    case "serializer": "json"
    default: nil
    }
  }

  private static func python(_ seconds: Double) -> String { seconds.description }
}
