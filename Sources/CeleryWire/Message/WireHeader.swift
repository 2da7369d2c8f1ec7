import CelerityJSON

/// The headers that have a meaning of their own; all others are the user's.
enum WireHeader: Int, CaseIterable {
  // Celery's protocol 2 (celery.app.amqp, `as_task_v2`), in the order in which its client writes them.
  case lang, task, id, shadow, eta, expires, group, groupIndex, retries, timelimit, rootID, parentID, argsrepr
  case kwargsrepr, origin, ignoreResult, replacedTaskNesting, stampedHeaders, stamps, compression
  /// Set by kombu when it puts a message back.
  case redelivered
  // W3C Trace Context.
  case traceparent, tracestate
  // Our own.
  case requestID, maxRetries, tags
  /// What the wire's own words would round off, see `ExactFields`.
  case exact
  /// Headers of the user's own whose names would be taken for one of these.
  case ownHeaders

  /// The name on the wire.
  var name: StaticString {
    switch self {
    case .lang: "lang"
    case .task: "task"
    case .id: "id"
    case .shadow: "shadow"
    case .eta: "eta"
    case .expires: "expires"
    case .group: "group"
    case .groupIndex: "group_index"
    case .retries: "retries"
    case .timelimit: "timelimit"
    case .rootID: "root_id"
    case .parentID: "parent_id"
    case .argsrepr: "argsrepr"
    case .kwargsrepr: "kwargsrepr"
    case .origin: "origin"
    case .ignoreResult: "ignore_result"
    case .replacedTaskNesting: "replaced_task_nesting"
    case .stampedHeaders: "stamped_headers"
    case .stamps: "stamps"
    case .compression: "compression"
    case .redelivered: "redelivered"
    case .traceparent: "traceparent"
    case .tracestate: "tracestate"
    case .requestID: "celerity_request_id"
    case .maxRetries: "celerity_max_retries"
    case .tags: "celerity_tags"
    case .exact: "celerity_exact"
    case .ownHeaders: "celerity_headers"
    }
  }

  /// The headers by length and first letter of their names: a handful of candidates at most, so that reading a message
  /// neither makes strings of its headers' names nor hashes them.
  private static let candidates: [[WireHeader]] = {
    var table = [[WireHeader]](repeating: [], count: 32 * 32)
    for header in allCases { table[place(header.bytes)].append(header) }
    return table
  }()

  private static func place(_ name: UnsafeBufferPointer<UInt8>) -> Int {
    (name.count & 31) &<< 5 | Int(name.first ?? 0) & 31
  }

  private var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
  }

  /// The header of a name.
  static func named(_ name: UnsafeBufferPointer<UInt8>) -> WireHeader? {
    for header in candidates[place(name)] where header.bytes.elementsEqual(name) { return header }
    return nil
  }

  /// What RabbitMQ adds on a message's way; it would grow with every retry.
  static func isTransport(_ name: String) -> Bool {
    name.hasPrefix("x-") && ["x-death", "x-first-death", "x-last-death"].contains { name.hasPrefix($0) }
  }

  /// Whether a user's header of this name must travel inside `celerity_headers`: outside it would be read as something else.
  static func isReserved(_ name: String) -> Bool {
    Array(name.utf8).withUnsafeBufferPointer { named($0) } != nil || isTransport(name)
  }
}

/// The headers of a message, sorted by meaning in one pass: looking each one up by its name costs more than all the rest of
/// reading a message.
struct WireHeaders {
  private var values = [RawJSON?](repeating: nil, count: WireHeader.allCases.count)
  /// The user's own.
  private(set) var own: [String: RawJSON] = [:]

  init(_ json: RawJSON) {
    json.visitMembers { member in
      if !member.isEscaped, let header = WireHeader.named(member.name) {
        if !member.isNull { values[header.rawValue] = member.raw }
      } else {
        add(own: member.nameText, member)
      }
    }
    self[.ownHeaders]?.visitMembers { own[$0.nameText] = $0.raw }
  }

  private mutating func add(own name: String, _ member: RawJSON.MemberPlace) {
    // A name with escapes that are not needed is the same name.
    if member.isEscaped, let header = Array(name.utf8).withUnsafeBufferPointer({ WireHeader.named($0) }) {
      if !member.isNull { values[header.rawValue] = member.raw }
    } else if !WireHeader.isTransport(name) {
      own[name] = member.raw
    }
  }

  /// Takes what protocol 1 has in its body, where the headers do not say it; its group is called `taskset` as well.
  mutating func add(protocol1 body: RawJSON) {
    body.visitMembers { member in
      if member.isNull { return }
      if member.isNamed("taskset") {
        values[WireHeader.group.rawValue] = member.raw
      } else if let header = WireHeader.named(member.name), values[header.rawValue] == nil {
        values[header.rawValue] = member.raw
      }
    }
  }

  /// The value of a header, unless it is null.
  subscript(header: WireHeader) -> RawJSON? { values[header.rawValue] }

  /// The value of a header that is a string.
  func string(_ header: WireHeader) -> String? { self[header]?.stringValue }

  /// The value of a header that is an integer.
  func int(_ header: WireHeader) -> Int? { self[header]?.int64Value.map(Int.init) }
}
