import CelerityCore

/// A name inside a tenant: of a group, a unique key, an idempotency key, a collection.
struct ScopedName: Sendable, Hashable {
  let tenant: Tenant
  let name: ByteText

  init(_ name: String, tenant: Tenant) {
    self.tenant = tenant
    self.name = ByteText(name)
  }
}
