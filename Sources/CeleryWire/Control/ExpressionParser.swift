/// Reads the everyday part of Python's regular expressions (library reference, `re`): characters, classes, groups, choices,
/// repetitions, anchors. Look-around, back-references and flags are not understood.
struct ExpressionParser {
  private static let deepest = 50
  private static let longestRepetition = 1000
  private var rest: ArraySlice<Character>
  private var depth = 0

  init(_ text: String) { rest = Array(text)[...] }

  /// All of the text; `nil` when there is something in it that is not understood.
  mutating func parse() -> NodePattern.Node? {
    guard let node = choice(), rest.isEmpty else { return nil }
    return node
  }

  private mutating func choice() -> NodePattern.Node? {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.deepest, let first = sequence() else { return nil }
    var nodes = [first]
    while rest.first == "|" {
      rest.removeFirst()
      guard let next = sequence() else { return nil }
      nodes.append(next)
    }
    return nodes.count == 1 ? first : .choice(nodes)
  }

  private mutating func sequence() -> NodePattern.Node? {
    var nodes: [NodePattern.Node] = []
    while let next = rest.first, next != "|", next != ")" {
      guard let atom = atom(), let node = repeated(atom) else { return nil }
      nodes.append(node)
    }
    return .sequence(nodes)
  }

  private mutating func atom() -> NodePattern.Node? {
    guard let character = rest.popFirst() else { return nil }
    switch character {
    case ".": return .any
    case "^": return .start
    case "$": return .end
    case "(": return group()
    case "[": return set()
    case "\\": return escape()
    case "*", "+", "?": return nil
    default: return .character(character)
    }
  }

  private mutating func group() -> NodePattern.Node? {
    if rest.first == "?" {
      rest.removeFirst()
      switch rest.popFirst() {
      case ":": break
      case "P":
        guard rest.popFirst() == "<", let end = rest.firstIndex(of: ">") else { return nil }
        rest = rest[(end + 1)...]
      default: return nil
      }
    }
    guard let node = choice(), rest.popFirst() == ")" else { return nil }
    return node
  }

  private mutating func set() -> NodePattern.Node? {
    let isNegated = rest.first == "^"
    if isNegated { rest.removeFirst() }
    var members: [Character] = []
    var ranges: [ClosedRange<Character>] = []
    while let character = rest.popFirst() {
      switch character {
      case "]" where !(members.isEmpty && ranges.isEmpty):
        return .set(ranges + NodePattern.ranges(members), isNegated: isNegated)
      case "\\":
        guard let escaped = rest.popFirst() else { return nil }
        if let kind = Self.kinds[escaped] { ranges += kind } else { members.append(escaped) }
      default: members.append(character)
      }
    }
    return nil
  }

  private static let kinds: [Character: [ClosedRange<Character>]] = [
    "d": ["0"..."9"], "w": ["a"..."z", "A"..."Z", "0"..."9", "_"..."_"],
    "s": [" "..." ", "\t"..."\t", "\n"..."\n", "\r"..."\r"],
  ]

  private mutating func escape() -> NodePattern.Node? {
    guard let character = rest.popFirst() else { return nil }
    if let ranges = Self.kinds[character] { return .set(ranges, isNegated: false) }
    switch character {
    case "D", "W", "S": return Self.kinds[Character(character.lowercased())].map { .set($0, isNegated: true) }
    case "A": return .start
    case "Z": return .end
    case _ where character.isLetter || character.isNumber: return nil
    default: return .character(character)
    }
  }

  private mutating func repeated(_ node: NodePattern.Node) -> NodePattern.Node? {
    var least = 1
    var most = 1
    switch rest.first {
    case "*": (least, most) = (0, .max)
    case "+": (least, most) = (1, .max)
    case "?": (least, most) = (0, 1)
    case "{":
      guard let (bounds, next) = bounds() else { return node }
      (least, most) = bounds
      rest = next
      guard least <= most, least <= Self.longestRepetition else { return nil }
      return finished(node, least, most)
    default: return node
    }
    rest.removeFirst()
    return finished(node, least, most)
  }

  private mutating func finished(_ node: NodePattern.Node, _ least: Int, _ most: Int) -> NodePattern.Node {
    let isLazy = rest.first == "?"
    if isLazy { rest.removeFirst() }
    return .times(node, least, most, isLazy: isLazy)
  }

  /// `{2}`, `{2,}`, `{,2}`, `{1,2}`; braces around anything else stand for themselves, as in Python.
  private func bounds() -> ((Int, Int), ArraySlice<Character>)? {
    guard let end = rest.firstIndex(of: "}") else { return nil }
    let parts = rest[rest.index(after: rest.startIndex)..<end].split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.map { Int(String($0)) }
    guard zip(parts, numbers).allSatisfy({ $0.isEmpty || ($1 ?? -1) >= 0 }) else { return nil }
    switch numbers.count {
    case 1: return numbers[0].map { (($0, $0), rest[(end + 1)...]) }
    case 2: return ((numbers[0] ?? 0, numbers[1] ?? .max), rest[(end + 1)...])
    default: return nil
    }
  }
}
