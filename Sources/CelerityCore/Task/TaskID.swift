/// Names one task: opaque UTF-8 text of 1 to 255 bytes without NUL, because Celery's clients choose their own ids.
/// Ours are UUIDs of version 7 (`UUIDv7`).
public struct TaskID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The id as it travels.
  public let text: String

  /// An id given by a client; `nil` when empty, longer than 255 bytes of UTF-8 or containing NUL.
  public init?(_ text: String) {
    guard (1...255).contains(text.utf8.count), !text.utf8.contains(0) else { return nil }
    self.text = text
  }

  /// An id read back from a store that checked it on the way in.
  public init(stored text: String) {
    self.text = text
  }

  public var description: String { text }

  /// Byte by byte, as stores compare: `String` takes canonically equivalent spellings for one.
  public static func == (a: TaskID, b: TaskID) -> Bool { a.text.hasBytes(of: b.text) }

  public static func < (a: TaskID, b: TaskID) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }
}

/// Whose work it is. Part of every key, so that tenants can never see each other's tasks.
public struct Tenant: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The tenant's name.
  public let name: String

  /// The tenant of everybody who names none.
  public static let `default` = Tenant(stored: "default")

  /// A tenant by name; `nil` unless 1 to 63 of `a-z 0-9 - _`.
  public init?(_ name: String) {
    let legal = name.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
    }
    guard (1...63).contains(name.utf8.count), legal else { return nil }
    self.name = name
  }

  /// A tenant read back from a store that checked it on the way in.
  public init(stored name: String) {
    self.name = name
  }

  public var description: String { name }

  public static func < (a: Tenant, b: Tenant) -> Bool { a.name < b.name }
}

/// The full key of a task in a store.
public struct TaskKey: Sendable, Hashable, CustomStringConvertible {
  public var tenant: Tenant
  public var id: TaskID

  /// The key of a task of a tenant.
  public init(_ id: TaskID, tenant: Tenant = .default) {
    self.tenant = tenant
    self.id = id
  }

  public var description: String { "\(tenant)/\(id)" }
}

/// The full key of a queue in a store.
public struct QueueKey: Sendable, Hashable, Comparable, CustomStringConvertible {
  public var tenant: Tenant
  public var name: String

  /// The key of a queue of a tenant.
  public init(_ name: String, tenant: Tenant = .default) {
    self.tenant = tenant
    self.name = name
  }

  public var description: String { "\(tenant)/\(name)" }

  /// Byte by byte, as stores compare.
  public static func == (a: QueueKey, b: QueueKey) -> Bool {
    a.name.hasBytes(of: b.name) && a.tenant == b.tenant
  }

  public static func < (a: QueueKey, b: QueueKey) -> Bool {
    a.tenant == b.tenant ? ByteText(a.name) < ByteText(b.name) : a.tenant < b.tenant
  }

  /// Whether a text can name a queue: 1 to 200 bytes, no control characters (kombu's separator holds one) and no `/`.
  public static func isLegal(name: String) -> Bool {
    (1...200).contains(name.utf8.count) && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != 0x2F }
  }
}
