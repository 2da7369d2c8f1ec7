import CelerityJSON

extension DocumentOrder {
  /// The file's name: `resume_Jane_Doe.pdf`. Spaces of the applicant's name are underscores; what could end a header's
  /// quoted string, name another folder, or hide in a listing is left out.
  var filename: String {
    let person = Self.fileSafe(data["personalInfo"]?["name"]?.stringValue ?? "")
    return type.rawValue + (person.isEmpty ? "" : "_" + person) + "." + format.fileExtension
  }

  /// More would be cut by file systems, whose names end at 255 bytes.
  private static let longestName = 60

  private static func fileSafe(_ name: String) -> String {
    var safe = ""
    for scalar in name.unicodeScalars {
      if scalar.properties.isWhitespace {
        if !safe.hasSuffix("_") { safe.append("_") }
      } else if isHarmless(scalar) {
        safe.unicodeScalars.append(scalar)
      }
    }
    let trimmed = safe.drop { $0 == "_" || $0 == "." }.prefix(longestName)
    return String(trimmed.reversed().drop { $0 == "_" || $0 == "." }.reversed())
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
    default: !#""'`/\:;*?<>|%"#.unicodeScalars.contains(scalar)
    }
  }
}
