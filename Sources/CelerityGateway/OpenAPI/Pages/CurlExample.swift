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
      let (line, value) = source(of: parameter)
      if let line { lines.append(line) }
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
    guard let body = body?.description else { return words.joined(separator: " ") }
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
      return "\(parameter.name)=\(value.percentEncoded)"
    }
    return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
  }

  /// The body; `nil` when there is none.
  private var body: RawJSON? {
    guard let schema = route.request else { return nil }
    if let example = route.requestExample { return example }
    if operation.submitsAnyKind, let kind = document.description.kinds.first {
      return document.description.submission(of: kind)
    }
    return document.bodies.value(of: schema)
  }

  /// How to come by a value that a parameter of the path may have: a line that makes or finds one, and what then stands in
  /// the path.
  private func source(of parameter: Route.Parameter) -> (line: String?, value: String) {
    let name = parameter.name
    let example = (parameter.schema.example ?? parameter.schema.values?.first)?.stringValue
    let literal = example.map { $0.percentEncoded } ?? name.uppercased()
    let above = operations(above: name)
    let captured = "'\"$\(name)\"'"
    if let maker = above.first(where: { $0.route.method == .post && $0.route.request != nil }) {
      let call = CurlExample(operation: maker, document: document, base: base)
      // What was accepted has a new id each time; what is made under a name is there already the second time.
      if maker.answers.contains(where: { $0.status == "202" }) { return (call.capturing(name), captured) }
      if let example, call.body?[name]?.stringValue == example {
        return (call.text + " > /dev/null", literal)
      }
    }
    if let list = above.first(where: { $0.route.method == .get }), document.shows(name, in: list, "200") {
      return (CurlExample(operation: list, document: document, base: base).capturing(name), captured)
    }
    // Paths that don't lie below what makes it: of the service's submissions, one that tells or takes it.
    for maker in document.description.operations where operation.service != nil && maker.service == operation.service {
      guard maker.route.method == .post, maker.answers.contains(where: { $0.status == "202" }) else { continue }
      let call = CurlExample(operation: maker, document: document, base: base)
      if document.shows(name, in: maker, "202") { return (call.capturing(name), captured) }
      if let example, parameter.schema.values == nil, call.body?[name]?.stringValue == example {
        return (call.text + " > /dev/null", literal)
      }
    }
    return (nil, literal)
  }

  /// The operations of the path that ends before a parameter.
  private func operations(above name: String) -> [APIDescription.Operation] {
    let path = route.path.description
    guard let end = Self.firstRange(of: "/{\(name)}", in: path)?.lowerBound else { return [] }
    return document.description.operations.filter { $0.route.path.description == path[..<end] }
  }

  /// The lines with the member of a name of what is answered put into a shell variable; of several, the last.
  private func capturing(_ name: String) -> String {
    "\(name)=$(\(text) | sed -n 's/.*\"\(name)\":\"\\([^\"]*\\)\".*/\\1/p')"
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

extension OpenAPIDocument {
  /// Whether what an operation answers with a status has a member of a name somewhere.
  fileprivate func shows(_ name: String, in operation: APIDescription.Operation, _ status: String) -> Bool {
    guard let answer = operation.answers.first(where: { $0.status == status }), let form = answer.contents.first else {
      return false
    }
    return example(of: form, answer)?.description.contains("\"\(name)\":\"") ?? false
  }
}
