import CelerityCore
import CelerityJSON
import CelerityRoutes

/// A call of an operation as lines for a shell, which work when they are pasted: where the path names something, an
/// earlier line makes or finds one.
struct CurlExample {
  let operation: APIDescription.Operation
  let document: OpenAPIDocument
  let base: String

  private var route: Route { operation.route }

  /// The lines.
  var text: String {
    var path = route.path.description
    var lines: [String] = []
    for parameter in route.pathParameterList {
      let value: String
      if let example = parameter.schema.example?.stringValue {
        value = percentEncoded(segment: example)
      } else if let line = finder(of: parameter.name) {
        lines.append(line)
        value = "'\"$\(parameter.name)\"'"
      } else {
        value = parameter.name.uppercased()
      }
      path = Self.replacing("{\(parameter.name)}", in: path, by: value)
    }
    return (lines + [call(path)]).joined(separator: "\n")
  }

  private func call(_ path: String) -> String {
    var words = ["curl -s"]
    if isStream { words.append("-N -m 5") }
    if route.method != .get, !(route.method == .post && route.request != nil) {
      words.append("-X \(route.method.rawValue)")
    }
    words.append("'\(base)\(path)\(query)'")
    guard let body else { return words.joined(separator: " ") }
    words.append("\\\n  -H 'Content-Type: \(route.requestMediaTypes.first ?? "application/json")'")
    words.append("\\\n  \(body.contains("\n") ? "--data-binary" : "-d") \(Self.quoted(body))")
    return words.joined(separator: " ")
  }

  private var isStream: Bool {
    operation.answers.contains { $0.contents.contains { $0.mediaType == "text/event-stream" } }
  }

  private var query: String {
    let pairs = route.parameters.compactMap { parameter -> String? in
      guard parameter.isRequired else { return nil }
      let value = parameter.schema.example.map { $0.stringValue ?? $0.description } ?? parameter.name
      return "\(parameter.name)=\(percentEncoded(segment: value))"
    }
    return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
  }

  /// The body; `nil` when there is none.
  private var body: String? {
    guard let schema = route.request else { return nil }
    if let example = route.requestExample { return example.description }
    if operation.submitsAnyKind, let kind = document.description.kinds.first {
      return document.description.submission(of: kind).description
    }
    return document.bodies.value(of: schema).description
  }

  /// A line that puts an existing value of a parameter into a shell variable: from what a POST to the path above answers,
  /// else from the list that a GET of it shows.
  private func finder(of name: String) -> String? {
    let path = route.path.description
    guard let end = Self.firstRange(of: "/{\(name)}", in: path)?.lowerBound else { return nil }
    let parent = String(path[..<end])
    let above = document.description.operations.filter { $0.route.path.description == parent && $0.id != operation.id }
    guard
      let source = above.first(where: { $0.route.method == .post && $0.route.request != nil })
        ?? above.first(where: { $0.route.method == .get })
    else { return nil }
    let call = CurlExample(operation: source, document: document, base: base).text
    return "\(name)=$(\(call) | sed -n 's/.*\"\(name)\":\"\\([^\"]*\\)\".*/\\1/p')"
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  private static func replacing(_ part: String, in text: String, by value: String) -> String {
    guard let range = firstRange(of: part, in: text) else { return text }
    return text.replacingCharacters(in: range, with: value)
  }

  private static func firstRange(of part: String, in text: String) -> Range<String.Index>? {
    text.ranges(of: part).first
  }
}

extension String {
  /// The text with a part replaced.
  fileprivate func replacingCharacters(in range: Range<String.Index>, with value: String) -> String {
    self[..<range.lowerBound] + value + self[range.upperBound...]
  }
}
