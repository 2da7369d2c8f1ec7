/// The JSON pointer (RFC 6901) to the place a coding path names; the empty string for the empty path.
///
/// Members are known by their names. Elements are known by their number, in the keys of our coders and in the
/// `Index 0` keys of other ones.
public func jsonPointer(_ path: [any CodingKey]) -> String {
  path.reduce(into: "") { pointer, key in
    pointer += "/" + escapedForPointer(elementNumber(key) ?? key.stringValue)
  }
}

private func elementNumber(_ key: any CodingKey) -> String? {
  key.intValue.flatMap { key.stringValue == "Index \($0)" ? String($0) : nil }
}

/// A reference token: `~` becomes `~0` and `/` becomes `~1` (RFC 6901, section 3).
func escapedForPointer(_ name: String) -> String {
  guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
  return name.unicodeScalars.reduce(into: "") { token, scalar in
    switch scalar {
    case "~": token += "~0"
    case "/": token += "~1"
    default: token.unicodeScalars.append(scalar)
    }
  }
}
