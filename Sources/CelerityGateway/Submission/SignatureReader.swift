import CelerityCore
import CelerityJSON

/// Reads signatures as Celery writes them into JSON.
enum SignatureReader {
  /// What a signature may hold; Celery adds `chord_size`, which only chords use.
  static let fields = ["task", "args", "kwargs", "options", "subtask_type", "immutable", "chord_size"]
  /// How many a message may carry.
  static let limit = 100

  /// A member that holds one signature or an array of them.
  static func signatures(_ name: String, _ reader: inout FieldReader) -> [Signature]? {
    guard let value = reader[name] else { return nil }
    guard let elements = value.elements() else { return signature(value, at: "/" + name, &reader).map { [$0] } }
    guard elements.count <= limit else {
      reader.refuse(name, "must be at most \(limit) signatures")
      return nil
    }
    return elements.enumerated().compactMap { index, element in
      signature(element, at: "/\(name)/\(index)", &reader)
    }
  }

  private static func signature(_ value: RawJSON, at place: String, _ outer: inout FieldReader) -> Signature? {
    var reader = FieldReader(value, at: place, known: fields)
    defer { outer.adopt(reader) }
    guard value.kind == .object else { return nil }
    let task = reader.string("task", bytes: 1...255)
    if !reader.has("task") { reader.refuse("task", "is missing") }
    let signature = Signature(
      task: task ?? "", args: reader.value("args", .array, "an array") ?? .emptyArray,
      kwargs: reader.value("kwargs", .object, "an object") ?? .emptyObject,
      options: reader.value("options", .object, "an object") ?? .emptyObject,
      isImmutable: reader.value("immutable", .boolean, "a boolean")?.boolValue ?? false)
    if reader.has("subtask_type") { reader.refuse("subtask_type", "must be null: only plain tasks can be linked yet") }
    return signature
  }
}
