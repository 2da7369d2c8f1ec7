import CelerityCore
import CeleryWire

/// A name that a tenant chose: a group's, a unique key's, a repeated request's.
struct ScopedName: Sendable, Hashable {
  var tenant: Tenant
  var name: ByteText

  init(_ name: String, tenant: Tenant) {
    self.tenant = tenant
    self.name = ByteText(name)
  }

  /// `tenant/name`; a tenant's name holds no slash.
  var text: String { "\(tenant.name)/\(name.text)" }
}

extension TaskKey {
  /// `tenant/id`, as keys and members of sets name a task.
  var text: String { "\(tenant.name)/\(id.text)" }

  /// Reads such a text back.
  init?(stored text: String) {
    guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    self.init(
      TaskID(stored: String(text[text.utf8.index(after: slash)...])), tenant: Tenant(stored: String(text[..<slash])))
  }
}

extension QueueKey {
  /// The queue's name on the wire, as keys and members of sets name it.
  var text: String { KombuQueue.wireName(self) }
}
