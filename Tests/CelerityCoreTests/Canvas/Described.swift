import CelerityCore
import CelerityJSON

/// Messages in one line, as `CeleryExpansions` tells them: ids and what follows from them are left out.
struct Described {
  private var groups: [String: Int] = [:]

  mutating func lines(_ publication: Publication) -> [String] { publication.submissions.map { line($0.message) } }

  private mutating func line(_ message: TaskMessage) -> String {
    var line = message.task + Self.sorted(message.args)
    if message.kwargs != .emptyObject { line += Self.sorted(message.kwargs) }
    if let group = message.extras.group, group.index != .max {
      let number = groups[group.id] ?? groups.count
      groups[group.id] = number
      line += " in G\(number)/\(group.index)"
    }
    if let links = message.extras.callbacks { line += " link\(Self.list(links))" }
    if let errbacks = message.extras.errbacks { line += " err\(Self.list(errbacks))" }
    if let chain = message.extras.chain { line += " chain\(Self.list(chain))" }
    if let chord = message.extras.chord { line += " chord{\(Self.text(chord))}" }
    return line
  }

  private static func list(_ signatures: [Signature]) -> String {
    "[" + signatures.map(text).joined(separator: ";") + "]"
  }

  private static func signatures(_ json: RawJSON?) -> [Signature] {
    (json?.elements() ?? json.map { [$0] } ?? []).compactMap { try? RawJSONDecoder().decode(Signature.self, from: $0) }
  }

  static func text(_ signature: Signature) -> String {
    func members(_ json: RawJSON?) -> String { signatures(json).map(text).joined(separator: ",") }
    let kwargs = signature.kwargs
    switch signature.subtaskType {
    case "group": return "group(\(members(kwargs["tasks"])))" + options(signature)
    case "chain": return "chain(\(members(kwargs["tasks"])))" + options(signature)
    case "chord":
      let header = kwargs["header"]?["kwargs"]?["tasks"] ?? kwargs["header"]
      return "chord(\(members(header))|\(members(kwargs["body"])))" + options(signature)
    default:
      return signature.task + sorted(signature.args) + (kwargs == .emptyObject ? "" : sorted(kwargs))
        + (signature.isImmutable ? "!" : "") + options(signature)
    }
  }

  private static func options(_ signature: Signature) -> String {
    var text = ""
    for (option, word) in [("link", "link"), ("link_error", "err")] {
      let linked = signatures(signature.options[option])
      if !linked.isEmpty { text += " \(word)\(list(linked))" }
    }
    let chain = signatures(signature.options["chain"])
    if !chain.isEmpty { text += " chain\(list(chain.reversed()))" }
    if let queue = signature.options["queue"]?.stringValue { text += " q=\(queue)" }
    return text
  }

  /// JSON with the members of objects in order.
  private static func sorted(_ json: RawJSON) -> String {
    if let elements = json.elements() { return "[" + elements.map(sorted).joined(separator: ",") + "]" }
    guard let members = json.members() else { return json.description }
    let sortedMembers = members.sorted { $0.name < $1.name }.map { "\"\($0.name)\":\(sorted($0.value))" }
    return "{" + sortedMembers.joined(separator: ",") + "}"
  }
}
