import CelerityCore
import CelerityJSON

/// What the wire's own words would round off: Celery has no word for "absent" where it writes a default, and none for times
/// beyond the year 9999. Such fields travel once more, exactly, in one header that Python's workers ignore and carry along.
///
/// A peer may have changed the message since, as a retry by Python does. So an exact value counts only while the wire's own
/// word is still the one that was written for it; with anything else in it the header means nothing.
struct ExactFields {
  /// Names of its members.
  private enum Name {
    static let priority = "priority"
    static let eta = "eta"
    static let expires = "expires"
    static let rootID = "root_id"
    static let origin = "origin"
    static let nesting = "replaced_task_nesting"
    static let shadow = "shadow"
    static let replyTo = "reply_to"
    static let stamps = "stamps"
    static let headers = "headers"
  }

  /// What most messages of ours need: their root is themselves, and the publisher's name is the writer's.
  private static let usual = RawJSON.object([
    (Name.rootID, .null), (Name.origin, .null), (Name.nesting, .null),
  ])

  private var isUsual = false
  private var members: [(String, RawJSON)] = []

  /// What is lost of a message when only the wire's own words are written.
  init(of message: TaskMessage) {
    let extras = message.extras
    addRest(of: message)
    isUsual = members.isEmpty && extras.rootID == nil && extras.origin == nil && extras.replacedTaskNesting == nil
    if isUsual { return }
    if extras.rootID == nil { members.append((Name.rootID, .null)) }
    if extras.origin == nil { members.append((Name.origin, .null)) }
    if extras.replacedTaskNesting == nil { members.append((Name.nesting, .null)) }
  }

  private mutating func addRest(of message: TaskMessage) {
    if message.priority?.value == 9 { members.append((Name.priority, .integer(9))) }
    if let eta = message.eta, !WireTime.isWritable(eta) { members.append((Name.eta, .integer(eta.microseconds))) }
    if let expires = message.expires, !WireTime.isWritable(expires) {
      members.append((Name.expires, .integer(expires.microseconds)))
    }
    if message.extras.shadow == "" { members.append((Name.shadow, .string(""))) }
    if message.extras.replyTo == "" { members.append((Name.replyTo, .string(""))) }
    if message.extras.stamps?.isEmpty == true { members.append((Name.stamps, .emptyObject)) }
    if message.extras.headers?.isEmpty == true { members.append((Name.headers, .emptyObject)) }
  }

  /// The header; `nil` when the wire says everything.
  var header: RawJSON? { isUsual ? Self.usual : members.isEmpty ? nil : .object(members) }

  /// Gives a message read from the wire its exact fields back.
  static func restore(_ header: RawJSON?, to message: inout TaskMessage, wirePriority: Int64?) {
    guard let header else { return }
    if header.bytes == usual.bytes {
      if message.extras.rootID == message.id.text { message.extras.rootID = nil }
      message.extras.origin = nil
      if message.extras.replacedTaskNesting == 0 { message.extras.replacedTaskNesting = nil }
      return
    }
    for member in header.members() ?? [] {
      let value = member.value
      switch member.name {
      case Name.rootID: if value.isNull, message.extras.rootID == message.id.text { message.extras.rootID = nil }
      case Name.origin: if value.isNull { message.extras.origin = nil }
      case Name.nesting:
        if value.isNull, message.extras.replacedTaskNesting == 0 { message.extras.replacedTaskNesting = nil }
      case Name.priority: if wirePriority == 0, value.int64Value == 9 { message.priority = Priority(9) }
      case Name.eta: message.eta = time(value, insteadOf: message.eta)
      case Name.expires: message.expires = time(value, insteadOf: message.expires)
      case Name.shadow: if message.extras.shadow == nil { message.extras.shadow = "" }
      case Name.replyTo: if message.extras.replyTo == nil { message.extras.replyTo = "" }
      case Name.stamps: if message.extras.stamps == nil { message.extras.stamps = [:] }
      case Name.headers: if message.extras.headers == nil { message.extras.headers = [:] }
      default: break
      }
    }
  }

  private static func time(_ exact: RawJSON, insteadOf written: Timestamp?) -> Timestamp? {
    guard let time = exact.int64Value.map(Timestamp.init(microseconds:)), !WireTime.isWritable(time),
      written == WireTime.nearestWritable(time)
    else { return written }
    return time
  }
}
