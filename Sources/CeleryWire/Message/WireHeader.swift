import CelerityJSON

/// The headers that have a meaning of their own; all others are the user's.
enum WireHeader: String, CaseIterable {
  // Celery's protocol 2 (celery.app.amqp, `as_task_v2`), in the order in which its client writes them.
  case lang, task, id, shadow, eta, expires, group
  case groupIndex = "group_index"
  case retries, timelimit
  case rootID = "root_id"
  case parentID = "parent_id"
  case argsrepr, kwargsrepr, origin
  case ignoreResult = "ignore_result"
  case replacedTaskNesting = "replaced_task_nesting"
  case stampedHeaders = "stamped_headers"
  case stamps, compression
  /// Set by kombu when it puts a message back.
  case redelivered
  // W3C Trace Context.
  case traceparent, tracestate
  // Our own.
  case requestID = "celerity_request_id"
  case maxRetries = "celerity_max_retries"
  case tags = "celerity_tags"
  /// What the wire's own words would round off, see `ExactFields`.
  case exact = "celerity_exact"
  /// Headers of the user's own whose names would be taken for one of these.
  case ownHeaders = "celerity_headers"

  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

  /// The header of a name.
  static func named(_ name: String) -> WireHeader? { byName[name] }

  /// What RabbitMQ adds on a message's way; it would grow with every retry.
  static func isTransport(_ name: String) -> Bool {
    name.hasPrefix("x-")
      && (name.hasPrefix("x-death") || name.hasPrefix("x-first-death") || name.hasPrefix("x-last-death"))
  }

  /// Whether a user's header of this name must travel inside `celerity_headers`: outside it would be read as something else.
  static func isReserved(_ name: String) -> Bool { named(name) != nil || isTransport(name) }
}

/// The headers of a message, sorted by meaning in one pass: looking each one up by its name costs more than all the rest of
/// reading a message.
struct WireHeaders {
  private var values: [WireHeader: RawJSON] = [:]
  /// The user's own.
  private(set) var own: [String: RawJSON] = [:]

  init(_ members: [JSONMember]) {
    values.reserveCapacity(32)
    for member in members {
      if let header = WireHeader.named(member.name) {
        if !member.value.isNull, values[header] == nil { values[header] = member.value }
      } else if !WireHeader.isTransport(member.name), own[member.name] == nil {
        own[member.name] = member.value
      }
    }
    for member in values[.ownHeaders]?.members() ?? [] { own[member.name] = member.value }
  }

  /// Takes what protocol 1 has in its body, where the headers do not say it; its group is called `taskset` as well.
  mutating func add(protocol1 body: [JSONMember]) {
    for member in body where !member.value.isNull {
      if member.name == "taskset" {
        values[.group] = member.value
      } else if let header = WireHeader.named(member.name), values[header] == nil {
        values[header] = member.value
      }
    }
  }

  /// The value of a header, unless it is null.
  subscript(header: WireHeader) -> RawJSON? { values[header] }

  /// The value of a header that is a string.
  func string(_ header: WireHeader) -> String? { values[header]?.stringValue }

  /// The value of a header that is an integer.
  func int(_ header: WireHeader) -> Int? { values[header]?.int64Value.map(Int.init) }
}
