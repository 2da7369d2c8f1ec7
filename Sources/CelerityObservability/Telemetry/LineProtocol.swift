import CelerityCore

/// Points as InfluxDB takes them, one a line
/// (https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/).
enum LineProtocol {
  /// Most bytes of a text field (the same page, "Data types").
  static let longestText = 65_535

  /// Whether the format can say what the point says. It has no infinities and no not-a-number, no line without a field, no
  /// measurement that begins like a comment, and keeps the key `time` for itself.
  static func canWrite(_ point: TelemetryPoint) -> Bool {
    let name = key(point.measurement, escaping: [])
    guard !name.isEmpty, !name.hasPrefix("#"), !point.fields.isEmpty, point.fields["time"] == nil,
      point.tags["time"] == nil
    else { return false }
    return point.fields.allSatisfy { name, value in
      guard !key(name, escaping: []).isEmpty else { return false }
      return switch value {
      case .number(let number): number.isFinite
      case .text(let text): text.utf8.count <= longestText
      case .integer, .flag: true
      }
    }
  }

  /// Writes a point with its time in nanoseconds, and the end of its line. It must be one that can be written.
  ///
  /// Of two points of one series and moment a server keeps the last one. Our moments are microseconds, so the nanoseconds
  /// within are made of the fields: points that differ stay apart (but one pair in a thousand that share a microsecond), and
  /// one that is handed over twice is still one.
  static func append(_ point: TelemetryPoint, to bytes: inout [UInt8]) {
    bytes += key(point.measurement, escaping: [",", " "]).utf8
    for (name, value) in point.tags.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      let (name, value) = (key(name, escaping: [",", "=", " "]), key(value, escaping: [",", "=", " "]))
      // A tag that says nothing can't be written.
      guard !name.isEmpty, !value.isEmpty else { continue }
      bytes += ",\(name)=\(value)".utf8
    }
    let start = bytes.count
    var separator = " "
    for (name, value) in point.fields.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      bytes += "\(separator)\(key(name, escaping: [",", "=", " "]))=\(text(value))".utf8
      separator = ","
    }
    let digits = "\(fingerprint(bytes[start...]) % 1000)"
    bytes += " \(point.time.microseconds)\(String(repeating: "0", count: 3 - digits.count))\(digits)\n".utf8
  }

  /// FNV-1a with 64 bits (RFC 9923), which is the same in each process.
  private static func fingerprint(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// A name or a tag's value. A line can't be broken in one, so a break is written as in code. The format has no way to write a
  /// backslash before what separates, which it would take for an escape, nor at the end: there it is left out.
  private static func key(_ text: String, escaping special: Set<Unicode.Scalar>) -> String {
    var escaped = String.UnicodeScalarView()
    var backslashes = 0
    for scalar in text.unicodeScalars where scalar != "\0" {
      if scalar == "\\" {
        backslashes += 1
        continue
      }
      if ![",", "=", " ", "\""].contains(scalar) {
        escaped.append(contentsOf: repeatElement("\\", count: backslashes))
      }
      backslashes = 0
      switch scalar {
      case "\n": escaped.append(contentsOf: "\\n".unicodeScalars)
      case "\r": escaped.append(contentsOf: "\\r".unicodeScalars)
      case let scalar where special.contains(scalar): escaped.append(contentsOf: ["\\", scalar])
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }

  private static func text(_ value: TelemetryPoint.Value) -> String {
    switch value {
    case .integer(let value): return "\(value)i"
    case .number(let value): return "\(value)"
    case .flag(let value): return value ? "true" : "false"
    case .text(let text):
      var quoted = String.UnicodeScalarView(["\""])
      for scalar in text.unicodeScalars {
        if scalar == "\"" || scalar == "\\" { quoted.append("\\") }
        quoted.append(scalar)
      }
      quoted.append("\"")
      return String(quoted)
    }
  }
}
