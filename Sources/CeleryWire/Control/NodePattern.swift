/// A pattern of nodenames: a shell's (Python's `fnmatch`) or the everyday part of Python's regular expressions. A matcher of
/// our own, because the pattern comes from anybody who reaches the broker: it takes a bounded number of steps, then it does not
/// match.
struct NodePattern: Sendable {
  indirect enum Node: Sendable {
    case any
    case character(Character)
    case set([ClosedRange<Character>], isNegated: Bool)
    case sequence([Node])
    case choice([Node])
    case times(Node, Int, Int, isLazy: Bool)
    case start
    case end
  }

  private static let mostSteps = 50_000
  private static let deepest = 400
  let root: Node

  /// `*`, `?`, `[a-z]` and `[!a-z]`; everything else stands for itself.
  init(glob: String) {
    var nodes: [Node] = []
    var rest = Array(glob)[...]
    while let character = rest.popFirst() {
      switch character {
      case "*": nodes.append(.times(.any, 0, .max, isLazy: false))
      case "?": nodes.append(.any)
      case "[":
        var inner = rest
        let isNegated = inner.first == "!"
        if isNegated { inner.removeFirst() }
        var members: [Character] = []
        if let first = inner.popFirst() { members.append(first) }
        while let next = inner.first, next != "]" { members.append(inner.removeFirst()) }
        if inner.popFirst() != nil {
          nodes.append(.set(Self.ranges(members), isNegated: isNegated))
          rest = inner
        } else {
          nodes.append(.character("["))
        }
      default: nodes.append(.character(character))
      }
    }
    root = .sequence(nodes)
  }

  /// `nil` for what is no expression, or one with parts that are not understood.
  init?(pythonExpression: String) {
    guard pythonExpression.utf8.count <= 1000 else { return nil }
    var parser = ExpressionParser(pythonExpression)
    guard let root = parser.parse() else { return nil }
    self.root = root
  }

  func matchesAll(of text: String) -> Bool {
    let text = Array(text)
    return matches(text) { $0 == text.count }
  }

  /// Whether it fits a text from the start on, as Python's `re.match` asks.
  func matchesStart(of text: String) -> Bool { matches(Array(text)) { _ in true } }

  private func matches(_ text: [Character], _ isEnd: (Int) -> Bool) -> Bool {
    var run = Run(text: text, steps: Self.mostSteps)
    return run.match(root, at: 0, depth: 0) { _, place in isEnd(place) }
  }

  static func ranges(_ members: [Character]) -> [ClosedRange<Character>] {
    var ranges: [ClosedRange<Character>] = []
    var index = 0
    while index < members.count {
      if index + 2 < members.count, members[index + 1] == "-" {
        if members[index] <= members[index + 2] { ranges.append(members[index]...members[index + 2]) }
        index += 3
      } else {
        ranges.append(members[index]...members[index])
        index += 1
      }
    }
    return ranges
  }

  /// Backtracking by continuation, with a budget.
  private struct Run {
    let text: [Character]
    var steps: Int

    mutating func match(_ node: Node, at place: Int, depth: Int, then: (inout Run, Int) -> Bool) -> Bool {
      steps -= 1
      guard steps > 0, depth < NodePattern.deepest else { return false }
      switch node {
      case .any: return place < text.count && text[place] != "\n" && then(&self, place + 1)
      case .character(let wanted): return place < text.count && text[place] == wanted && then(&self, place + 1)
      case .set(let ranges, let isNegated):
        guard place < text.count else { return false }
        return ranges.contains { $0.contains(text[place]) } != isNegated && then(&self, place + 1)
      case .start: return place == 0 && then(&self, place)
      case .end: return place == text.count && then(&self, place)
      case .choice(let nodes):
        for node in nodes where match(node, at: place, depth: depth + 1, then: then) { return true }
        return false
      case .sequence(let nodes): return match(nodes[...], at: place, depth: depth, then: then)
      case .times(let node, let least, let most, let isLazy):
        return repeated(node, least, most, isLazy, at: place, depth: depth, then: then)
      }
    }

    private mutating func match(
      _ nodes: ArraySlice<Node>, at place: Int, depth: Int, then: (inout Run, Int) -> Bool
    ) -> Bool {
      guard let first = nodes.first else { return then(&self, place) }
      let rest = nodes.dropFirst()
      return match(first, at: place, depth: depth + 1) { run, next in
        run.match(rest, at: next, depth: depth + 1, then: then)
      }
    }

    private mutating func repeated(
      _ node: Node, _ least: Int, _ most: Int, _ isLazy: Bool, at place: Int, depth: Int,
      then: (inout Run, Int) -> Bool
    ) -> Bool {
      guard depth < NodePattern.deepest else { return false }
      if least == 0, isLazy, then(&self, place) { return true }
      if most > 0 {
        let isMore = match(node, at: place, depth: depth + 1) { run, next in
          // A round that takes nothing would go on for ever.
          if next == place, least == 0 { return false }
          return run.repeated(
            node, max(0, least - 1), most == .max ? .max : most - 1, isLazy, at: next, depth: depth + 1, then: then)
        }
        if isMore { return true }
      }
      return least == 0 && !isLazy && then(&self, place)
    }
  }
}
