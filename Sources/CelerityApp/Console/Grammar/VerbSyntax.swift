import ArgumentParser
import CelerityJSON

/// What may follow a verb: its options and arguments, as declared. The parser keeps its own model to itself and only
/// gives it out as JSON, so that is where this is read from.
struct VerbSyntax {
  var arguments: [VerbArgument]

  init(arguments: [VerbArgument]) { self.arguments = arguments }

  init(of verb: Verb) {
    let dump = (try? RawJSON(validating: verb.type._dumpHelp())) ?? .null
    arguments = (dump["command"]?["arguments"]?.elements() ?? []).compactMap(VerbArgument.init)
    // Whether an option may stand alone is told by the parser's own help only: `--wait [<time>]`.
    let help = verb.type.helpMessage(includeHidden: true, columns: 1000)
    let asks = Self.asking.contains(verb.title)
    for index in arguments.indices where arguments[index].names.contains("--yes") && !asks {
      arguments[index].isShown = false
    }
    for index in arguments.indices where arguments[index].kind == .option {
      arguments[index].isValueOptional = help.contains("\(arguments[index].longName) [<")
    }
  }

  /// Verbs that ask before they do what they are told; elsewhere `--yes` is taken and means nothing.
  private static let asking: Set = [
    "celerity dead discard", "celerity dead redrive", "celerity queue move", "celerity queue purge",
    "celerity schedule delete", "celerity task cancel", "celerity task retry", "celerity workers stop",
  ]

  var shown: [VerbArgument] { arguments.filter(\.isShown) }
  var positionals: [VerbArgument] { arguments.filter { $0.kind == .positional } }
  var options: [VerbArgument] { arguments.filter { $0.kind != .positional } }

  /// The option or flag spelled so, dashes included.
  func option(named spelling: String) -> VerbArgument? { options.first { $0.names.contains(spelling) } }
}

/// One option, flag or positional argument of a verb.
struct VerbArgument {
  enum Kind: String { case positional, option, flag }

  var kind: Kind
  /// With their dashes, short ones first: `-Q`, `--queues`.
  var names: [String]
  /// What stands for the value: `name` in `--queue <name>`.
  var valueName: String
  var summary: String
  var defaultValue: String?
  /// All values there are; empty when others are possible.
  var values: [String]
  var section: String?
  var isOptional: Bool
  var isRepeating: Bool
  /// Whether the option also means something without a value.
  var isValueOptional = false
  var isShown: Bool
  /// What completes the value, if not words.
  var completion: Completion

  enum Completion: Hashable { case none, file, directory }

  init?(_ json: RawJSON) {
    guard let kind = json["kind"]?.stringValue.flatMap(Kind.init(rawValue:)) else { return nil }
    self.kind = kind
    names = (json["names"]?.elements() ?? []).compactMap(Self.spelling).sorted { $0.count < $1.count }
    valueName = json["valueName"]?.stringValue ?? "value"
    summary = names.contains("--help") ? "Shows this." : json["abstract"]?.stringValue ?? ""
    defaultValue = json["defaultValue"]?.stringValue
    values = (json["allValues"]?.elements() ?? []).compactMap(\.stringValue)
    section = json["sectionTitle"]?.stringValue
    isOptional = json["isOptional"]?.boolValue ?? false
    isRepeating = json["isRepeating"]?.boolValue ?? false
    isShown = json["shouldDisplay"]?.boolValue ?? true
    completion = Self.completion(json["completionKind"])
  }

  private static func spelling(_ name: RawJSON) -> String? {
    guard let text = name["name"]?.stringValue else { return nil }
    return name["kind"]?.stringValue == "long" ? "--" + text : "-" + text
  }

  private static func completion(_ kind: RawJSON?) -> Completion {
    if kind?["file"] != nil { return .file }
    return kind?["directory"] != nil ? .directory : .none
  }

  var isHelp: Bool { names.contains("--help") }

  /// The name people remember.
  var longName: String { names.last ?? valueName }

  /// As it is typed: `-Q, --queues <a,b>`, `<name>`, `[<name> ...]`.
  var synopsis: String {
    switch kind {
    case .flag: return names.joined(separator: ", ")
    case .option: return names.joined(separator: ", ") + (isValueOptional ? "[=<\(valueName)>]" : " <\(valueName)>")
    case .positional:
      let word = "<\(valueName)>" + (isRepeating ? " ..." : "")
      return isOptional ? "[\(word)]" : word
    }
  }

  /// The summary with what else must be known: the values there are, the default.
  var explanation: String {
    var text = summary
    // A summary that ends a sentence is followed by another one.
    if !values.isEmpty, !values.allSatisfy(summary.contains) { text += " One of \(values.joined(separator: ", "))." }
    if let defaultValue, kind == .option, !text.contains(defaultValue) { text += " Default: \(defaultValue)." }
    if isRepeating, kind == .option, !text.contains("repeated") { text += " May be repeated." }
    return text
  }
}
