import CelerityCore

/// A text that equals another only byte by byte, as keys do in stores: `String` takes canonically equivalent spellings
/// for one.
struct ByteText: Sendable, Hashable, Comparable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (a: ByteText, b: ByteText) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  static func < (a: ByteText, b: ByteText) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }

  func hasPrefix(_ prefix: String) -> Bool { text.utf8.starts(with: prefix.utf8) }
}

/// A name inside a tenant: of a group, a unique key, an idempotency key, a collection.
struct ScopedName: Sendable, Hashable {
  let tenant: Tenant
  let name: ByteText

  init(_ name: String, tenant: Tenant) {
    self.tenant = tenant
    self.name = ByteText(name)
  }
}
