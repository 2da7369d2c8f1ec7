import CelerityCore

/// The strong entity tag of a task's representation (RFC 9110, 8.8.3): the number of the record's last change.
struct EntityTag: Sendable, Hashable {
  let text: String

  init(_ record: TaskRecord) {
    text = "\"\(record.seq)\""
  }

  /// Whether an `If-None-Match` field names it: `*`, or a list that holds it, compared weakly (RFC 9110, 13.1.2).
  func isNamed(in field: String) -> Bool {
    if field[...].trimmed == "*" { return true }
    return field.split(separator: ",").contains { tag in
      let tag = tag.trimmed
      return tag == text || tag == "W/" + text
    }
  }
}
