/// Writes HTML. Text and attribute values are escaped; only what is named `raw` is not.
struct HTML: Sendable {
  private(set) var text = ""

  /// Text between tags.
  mutating func text(_ value: String) { text += Self.escaped(value) }

  /// Markup that was made by this type.
  mutating func raw(_ markup: String) { text += markup }

  /// An element around what `body` writes.
  mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ body: (inout HTML) -> Void)
  {
    open(name, attributes)
    body(&self)
    text += "</\(name)>"
  }

  /// An element around text.
  mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text content: String) {
    element(name, attributes) { $0.text(content) }
  }

  /// An element that has no end.
  mutating func void(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) { open(name, attributes) }

  /// A line break between elements, for whoever reads the source.
  mutating func line() { text += "\n" }

  private mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String>) {
    text += "<" + name
    for (key, value) in attributes { text += " \(key)=\"\(Self.escaped(value))\"" }
    text += ">"
  }

  /// Text in which nothing is markup.
  static func escaped(_ value: String) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(value.utf8.count)
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "&"): result += Array("&amp;".utf8)
      case UInt8(ascii: "<"): result += Array("&lt;".utf8)
      case UInt8(ascii: ">"): result += Array("&gt;".utf8)
      case UInt8(ascii: "\""): result += Array("&quot;".utf8)
      default: result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
