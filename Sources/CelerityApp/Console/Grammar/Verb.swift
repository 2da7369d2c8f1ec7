import ArgumentParser

/// A verb of the command line with the way to it: `celerity`, `celerity queue`, `celerity queue pause`. Everything that
/// is written about verbs — help, manual page, completion, reference — is made from these and their declarations.
struct Verb: Sendable {
  /// From `celerity` down to the verb itself.
  let path: [any ParsableCommand.Type]

  static let root = Verb(path: [CelerityCommand.self])

  var type: any ParsableCommand.Type { path.last ?? CelerityCommand.self }
  var configuration: CommandConfiguration { type.configuration }
  var name: String { type._commandName }
  /// One sentence.
  var summary: String { configuration.abstract }
  var aliases: [String] { configuration.aliases }
  var discussion: String { configuration.discussion }
  /// Whether it is shown to people.
  var isOffered: Bool { configuration.shouldDisplay }
  /// The words a person types: `celerity queue pause`.
  var title: String { path.map { $0._commandName }.joined(separator: " ") }
  var isRoot: Bool { path.count == 1 }
  var isGroup: Bool { !configuration.subcommands.isEmpty }

  /// The verbs below this one that are offered, in the order of their groups.
  var children: [Verb] { groups.flatMap(\.verbs) }

  /// The offered verbs below this one by group; those outside of any group come first, without a title.
  var groups: [(title: String, verbs: [Verb])] {
    let configuration = configuration
    var groups = [(title: "", types: configuration.ungroupedSubcommands)]
    groups += configuration.groupedSubcommands.map { (title: $0.name, types: $0.subcommands) }
    return groups.map { group in
      (title: group.title, verbs: group.types.filter { $0.configuration.shouldDisplay }.map(child))
    }.filter { !$0.verbs.isEmpty }
  }

  /// The verb below this one of that name or alias, hidden ones too.
  func child(named word: String) -> Verb? {
    configuration.subcommands.first { type in
      type._commandName == word || type.configuration.aliases.contains(word)
    }.map(child)
  }

  /// Follows words as far as they name verbs; answers the last one and how many words that took.
  func descend(_ words: some Sequence<String>) -> (verb: Verb, count: Int) {
    var verb = self
    var count = 0
    for word in words {
      guard let next = verb.child(named: word) else { break }
      verb = next
      count += 1
    }
    return (verb, count)
  }

  /// This verb if it does something itself, otherwise all such verbs below it.
  var leaves: [Verb] { isGroup ? children.flatMap(\.leaves) : [self] }

  /// This verb and all offered ones below it, a group before its verbs.
  var all: [Verb] { [self] + children.flatMap(\.all) }

  private func child(_ type: any ParsableCommand.Type) -> Verb { Verb(path: path + [type]) }
}
