/// Finds e-mail addresses as people write them: the dot-atom form of RFC 5322, 3.4.1, in any script (RFC 6531), a domain of at
/// least two labels, lengths as in RFC 5321, 4.5.3.1.
enum EmailScan {
  static let localLimit = 64
  static let domainLimit = 253

  static func findings(in scalars: [Unicode.Scalar]) -> [PersonalDataFinding] {
    var findings: [PersonalDataFinding] = []
    var free = 0
    for at in scalars.indices where scalars[at] == "@" {
      guard let start = start(of: scalars, at: at, from: free), let end = end(of: scalars, at: at) else { continue }
      let first = String(Character(scalars[start]))
      findings.append(.init(.email, start..<end, masked: "\(first)***@***"))
      free = end
    }
    return findings
  }

  private static func start(of scalars: [Unicode.Scalar], at: Int, from free: Int) -> Int? {
    var start = at
    while start > free, at - start < localLimit, isLocal(scalars[start - 1]) { start -= 1 }
    // A point is no end and no beginning of a name.
    while start < at, scalars[start] == "." { start += 1 }
    return start < at && scalars[at - 1] != "." ? start : nil
  }

  private static func end(of scalars: [Unicode.Scalar], at: Int) -> Int? {
    var label = at + 1
    var labels = 0
    var end: Int?
    while label < scalars.count, label - at < domainLimit {
      var next = label
      while next < scalars.count, next - label < 63,
        scalars[next].isLetter || scalars[next].digit != nil
          || scalars[next] == "-" && next > label
      {
        next += 1
      }
      while next > label, scalars[next - 1] == "-" { next -= 1 }
      guard next > label else { break }
      labels += 1
      // The last label is a word: `a@1.2` is none.
      if labels > 1, next - label >= 2, scalars[label].isLetter { end = next }
      guard next < scalars.count, scalars[next] == "." else { break }
      label = next + 1
    }
    return end
  }

  private static func isLocal(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isLetter || scalar.digit != nil { return true }
    switch scalar {
    case ".", "!", "#", "$", "%", "&", "*", "+", "-", "/", "=", "?", "^", "_", "`", "{", "|", "}", "~": return true
    default: return false
    }
  }
}
