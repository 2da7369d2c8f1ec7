import CelerityJSON

/// What a plain scalar of YAML means to PyYAML (its `resolver.py` and `constructor.py`).
enum YAMLScalar {
  /// What a number with a point may be; it is looked at again with the whole.
  private static let limits: JSONLimits = {
    var limits = JSONLimits.standard
    limits.maximumNumberDigits = 4300
    limits.allowsNumbersBeyondDouble = true
    return limits
  }()

  static func value(_ text: String) -> RawJSON {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": return .true
    case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": return .false
    // JSON lacks them, and a text in their place would be a value of another type.
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN":
      return .null
    default: return integer(text) ?? float(text) ?? .string(text)
    }
  }

  /// Integers: decimal of any length, binary, octal, hexadecimal, and base 60 with colons.
  private static func integer(_ text: String) -> RawJSON? {
    let (isNegative, unsigned) = sign(text)
    guard let first = unsigned.first, first.isASCII, first.isNumber else { return nil }
    let digits = unsigned.filter { $0 != "_" }
    let magnitude: String?
    if digits == "0" {
      magnitude = "0"
    } else if digits.hasPrefix("0b") || digits.hasPrefix("0x") {
      magnitude = UInt64(digits.dropFirst(2), radix: digits.hasPrefix("0b") ? 2 : 16).map(String.init)
    } else if first == "0" {
      magnitude = digits.hasPrefix("+") ? nil : UInt64(digits.dropFirst(), radix: 8).map(String.init)
    } else if digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      magnitude = digits
    } else {
      magnitude = sexagesimal(digits)
    }
    return magnitude.map { RawJSON(unchecked: Array((isNegative && $0 != "0" ? "-" + $0 : $0).utf8)) }
  }

  /// `1:30:00` counts as a time of day or an angle does.
  private static func sexagesimal(_ text: String) -> String? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return nil }
    var sum: Int64 = 0
    for (index, part) in parts.enumerated() {
      guard !part.isEmpty, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(part),
        index == 0 || (part.utf8.count <= 2 && number < 60)
      else { return nil }
      let (product, overflow) = sum.multipliedReportingOverflow(by: 60)
      let (next, overflowed) = product.addingReportingOverflow(number)
      if overflow || overflowed { return nil }
      sum = next
    }
    return String(sum)
  }

  /// Floating-point numbers, which need a point, and a sign in the exponent.
  private static func float(_ text: String) -> RawJSON? {
    let (isNegative, unsigned) = sign(text)
    let digits = unsigned.filter { $0 != "_" }
    guard digits.contains("."), digits.utf8.first.map({ (0x30...0x39).contains($0) || $0 == 0x2E }) == true else {
      return nil
    }
    let parts = digits.split(separator: "e", omittingEmptySubsequences: false)
    let exponent = parts.count == 2 ? parts[1] : digits.contains("E") ? nil : "+0"
    guard parts.count <= 2, let exponent, exponent.hasPrefix("+") || exponent.hasPrefix("-"), exponent.utf8.count > 1,
      let number = Double(digits), number.isFinite
    else { return nil }
    let signed = isNegative ? "-" + digits : digits
    // The digits are kept where JSON has the same form.
    return (try? RawJSON(validating: signed, limits: limits)) ?? .double(isNegative ? -number : number)
  }

  private static func sign(_ text: String) -> (isNegative: Bool, Substring) {
    text.hasPrefix("-") ? (true, text.dropFirst()) : (false, text.hasPrefix("+") ? text.dropFirst() : text[...])
  }
}
