/// Where a value stands in a JSON document, kept as a JSON pointer (RFC 6901).
public struct FieldPath: Hashable, Sendable, CustomStringConvertible {
  /// The pointer's text: empty for the whole document, else each step after a slash.
  public let pointer: String

  /// The whole document.
  public static let root = FieldPath(pointer: "")

  private init(pointer: String) { self.pointer = pointer }

  /// The member `key` of the object at this place; `~` and `/` are escaped as RFC 6901 section 3 tells.
  public subscript(key: String) -> FieldPath {
    var escaped = ""
    for character in key {
      switch character {
      case "~": escaped += "~0"
      case "/": escaped += "~1"
      default: escaped.append(character)
      }
    }
    return FieldPath(pointer: pointer + "/" + escaped)
  }

  /// The element `index` of the array at this place.
  public subscript(index: Int) -> FieldPath { FieldPath(pointer: "\(pointer)/\(index)") }

  /// The place that is at this one once the document has been put at `outer`.
  public func under(_ outer: FieldPath) -> FieldPath { FieldPath(pointer: outer.pointer + pointer) }

  /// The pointer's text.
  public var description: String { pointer }
}
