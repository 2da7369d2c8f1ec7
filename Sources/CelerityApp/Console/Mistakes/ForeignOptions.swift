/// Options that people know from other tools or expect, and what says the same here.
struct ForeignOptions {
  let verb: Verb
  let syntax: VerbSyntax

  /// The words that say the same, if this verb has something that does.
  func meaning(of name: String, _ value: String?, others: [String]) -> (cause: String, words: [String])? {
    func has(_ option: String) -> Bool { syntax.option(named: option) != nil }
    guard let value else { return nil }
    switch name {
    case "-n", "--lines", "--last", "--max", "--size", "--top":
      guard has("--limit"), Int(value) != nil else { return nil }
      return ("how many is said by --limit", ["--limit", value])
    case "--since", "--newer-than", "--after":
      guard has("--query"), !others.contains("--query"), TimeSpan(argument: value) != nil else { return nil }
      return ("when is said by --query", ["--query", "created:<\(value)"])
    case "--until", "--before", "--older-than":
      guard has("--query"), !others.contains("--query"), TimeSpan(argument: value) != nil else { return nil }
      return ("when is said by --query", ["--query", "created:>\(value)"])
    case "--port", "-p":
      guard has("--url"), let port = Int(value), (1...65_535).contains(port) else { return nil }
      return ("where the gateway is, is said by --url", ["--url", "http://127.0.0.1:\(port)"])
    case "--host", "-H", "--server", "--broker", "-b", "--address":
      guard has("--url"), let address = try? GatewayAddress(value) else { return nil }
      return ("where the gateway is, is said by --url", ["--url", address.base])
    case "--task", "--name", "-t":
      guard let first = syntax.positionals.first, first.valueName == "task" else { return nil }
      return ("the task stands there without an option", [value])
    default: return nil
    }
  }
}
