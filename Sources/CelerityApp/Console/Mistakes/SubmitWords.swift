import CelerityJSON

/// The words of a submission whose arguments were given as other tools take them: `amount=1`, `--amount 1`, `'{…}'`,
/// `--data '{…}'`, `--args 1 2`. Puts them into `--kwargs` and `--args`.
struct SubmitWords {
  /// The words behind the verb as they should have been.
  private(set) var line: [String] = []
  private let verb: Verb
  private let syntax: VerbSyntax
  private var rest: ArraySlice<String>
  private var args: [RawJSON] = []
  private var kwargs: [(name: String, value: RawJSON)] = []
  private var hasName = false
  private var wasMended = false

  /// Options of other tools that take all arguments as JSON.
  private static let bodies: Set = [
    "-d", "--arguments", "--body", "--data", "--input", "--kwarg", "--params", "--payload", "--data-raw",
  ]

  /// Reads the words; fails when they can't be put right this way.
  init?(_ words: [String], of verb: Verb, _ syntax: VerbSyntax) {
    self.verb = verb
    self.syntax = syntax
    rest = words[...]
    while let word = rest.popFirst() {
      guard word != "--", take(word) else { return nil }
    }
    guard hasName, wasMended, Set(kwargs.map(\.name)).count == kwargs.count else { return nil }
    if !args.isEmpty { line += ["--args", RawJSON.array(args).description] }
    if !kwargs.isEmpty { line += ["--kwargs", RawJSON.object(kwargs.map { ($0.name, $0.value) }).description] }
  }

  private mutating func take(_ word: String) -> Bool {
    guard word.hasPrefix("-"), word != "-", Double(word) == nil else { return takeOperand(word) }
    let name = String(word.prefix { $0 != "=" })
    let joined = word.count > name.count ? String(word.dropFirst(name.count + 1)) : nil
    if name == "--args" { return takeArgs(joined) }
    if Self.bodies.contains(name) || name == "--kwargs" {
      guard let value = joined ?? rest.popFirst() else { return false }
      if name == "--kwargs", value == "-" || value.hasPrefix("@") {
        line += [name, value]
        return true
      }
      if name != "--kwargs" { wasMended = true }
      return takeJSON(value) || takePair(value)
    }
    guard let option = syntax.option(named: name) else { return takeStranger(name, joined) }
    line.append(word)
    if option.kind != .flag, !option.isValueOptional, joined == nil {
      guard let value = rest.popFirst() else { return false }
      line.append(value)
    }
    return true
  }

  private mutating func takeOperand(_ word: String) -> Bool {
    guard hasName else {
      hasName = true
      line.append(word)
      return !word.contains("=") && !word.hasPrefix("{") && !word.hasPrefix("[")
    }
    wasMended = true
    if takePair(word) || takeJSON(word) { return true }
    guard !word.contains(where: { "{}[]".contains($0) }), !word.contains(":") else { return false }
    args.append(Self.value(word))
    return true
  }

  /// `amount=1`, whose value may be JSON.
  private mutating func takePair(_ word: String) -> Bool {
    let name = word.prefix { $0 != "=" }
    guard name.count < word.count, Self.isName(name) else { return false }
    wasMended = true
    kwargs.append((String(name), Self.value(String(word.dropFirst(name.count + 1)))))
    return true
  }

  private mutating func takeJSON(_ word: String) -> Bool {
    guard word.hasPrefix("{") || word.hasPrefix("[") else { return false }
    guard let value = (try? RawJSON(validating: word)) ?? JSONRepair.guess(word) else { return false }
    if let members = value.members() { kwargs += members.map { ($0.name, $0.value) } }
    if let elements = value.elements() { args += elements }
    return true
  }

  /// `--args 1 2`: all that follows up to the next option.
  private mutating func takeArgs(_ joined: String?) -> Bool {
    var words = joined.map { [$0] } ?? []
    while let next = rest.first, !next.hasPrefix("-") || next == "-" || Double(next) != nil {
      words.append(next)
      rest.removeFirst()
    }
    guard let first = words.first else { return false }
    if words.count == 1, first == "-" || first.hasPrefix("@") {
      line += ["--args", first]
      return true
    }
    if words.count == 1, takeJSON(first) { return true }
    // A broken array in several words is put together elsewhere.
    guard !first.hasPrefix("{"), !first.hasPrefix("[") else { return false }
    wasMended = true
    for word in words where !takePair(word) { args.append(Self.value(word)) }
    return true
  }

  /// `--amount 1`: an option that is none, unless it looks like a slip in one of ours.
  private mutating func takeStranger(_ name: String, _ joined: String?) -> Bool {
    let bare = name.drop { $0 == "-" }
    guard name.hasPrefix("--"), Self.isName(bare), OperandCheck.meantOption(name, in: syntax) == nil else {
      return false
    }
    var value = joined
    if value == nil, let next = rest.first, !next.hasPrefix("-") || Double(next) != nil {
      value = next
      rest.removeFirst()
    }
    // `--port 8001` is not meant for the task.
    let foreign = ForeignOptions(verb: verb, syntax: syntax).meaning(of: name, value, others: [])
    guard foreign == nil || name == "--name" && hasName else { return false }
    wasMended = true
    kwargs.append((String(bare.replacing("-", with: "_")), value.map(Self.value) ?? .bool(true)))
    return true
  }

  private static func isName(_ text: Substring) -> Bool {
    guard let first = text.first, first.isLetter || first == "_" else { return false }
    return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
  }

  /// JSON where it is some, a string otherwise.
  private static func value(_ text: String) -> RawJSON {
    if let value = (try? RawJSON(validating: text)) ?? JSONRepair.guess(text) { return value }
    return switch text {
    case "True": .bool(true)
    case "False": .bool(false)
    case "None": .null
    default: .string(text)
    }
  }
}
