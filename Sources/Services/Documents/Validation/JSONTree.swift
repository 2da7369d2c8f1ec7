import CelerityJSON

/// A JSON value taken apart, so that texts in it can be changed.
enum JSONTree: Sendable, Hashable {
  case object([Member])
  case array([JSONTree])
  case string(String)
  /// A number, a truth value or null.
  case scalar(RawJSON)

  /// A member of an object.
  struct Member: Sendable, Hashable {
    var name: String
    var value: JSONTree
  }

  /// Takes a value apart; its depth was bounded when it was read.
  init(_ value: RawJSON) {
    switch value.kind {
    case .object: self = .object((value.members() ?? []).map { Member(name: $0.name, value: JSONTree($0.value)) })
    case .array: self = .array((value.elements() ?? []).map { JSONTree($0) })
    case .string: self = .string(value.stringValue ?? "")
    case .number, .boolean, .null: self = .scalar(value)
    }
  }

  var isNull: Bool { self == .scalar(.null) }

  var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  var elements: [JSONTree]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The value of an object's member, `nil` when there is none or it is null; set to `nil` it takes the member away.
  subscript(name: String) -> JSONTree? {
    get { members?.first { $0.name == name }.flatMap { $0.value.isNull ? nil : $0.value } }
    set {
      guard case .object(var members) = self else { return }
      let place = members.firstIndex { $0.name == name }
      switch (place, newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil): members.remove(at: place)
      case (nil, let value?): members.append(Member(name: name, value: value))
      case (nil, nil): return
      }
      self = .object(members)
    }
  }
}

// MARK: Writing

extension JSONTree {
  /// The value as text, in the order it has.
  var raw: RawJSON {
    var writer = JSONWriter()
    write(to: &writer, sortsMembers: false)
    return writer.finish()
  }

  /// The value as text with the members of each object in the order of their names' bytes and nothing but the escapes that
  /// must be: the same for all ways to write one value.
  var canonical: RawJSON {
    var writer = JSONWriter()
    write(to: &writer, sortsMembers: true)
    return writer.finish()
  }

  private func write(to writer: inout JSONWriter, sortsMembers: Bool) {
    switch self {
    case .object(let members):
      let ordered =
        sortsMembers ? members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } : members
      writer.beginObject()
      for member in ordered {
        writer.key(member.name)
        member.value.write(to: &writer, sortsMembers: sortsMembers)
      }
      writer.endObject()
    case .array(let elements):
      writer.beginArray()
      for element in elements { element.write(to: &writer, sortsMembers: sortsMembers) }
      writer.endArray()
    case .string(let text): writer.string(text)
    case .scalar(let value): writer.raw(value)
    }
  }
}
