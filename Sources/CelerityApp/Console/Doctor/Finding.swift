import CelerityJSON

/// What a check of the installation found, and how to mend it.
struct Finding: Hashable {
  enum Level: String {
    case ok, warning, error

    var tone: Tone {
      switch self {
      case .ok: .good
      case .warning: .waiting
      case .error: .bad
      }
    }
  }

  /// What was looked at, in a word or two.
  var check: String
  var level: Level
  var detail: String
  /// What to do about it; never missing where something is wrong.
  var fix: String?

  static func ok(_ check: String, _ detail: String) -> Finding { Finding(check: check, level: .ok, detail: detail) }

  static func warning(_ check: String, _ detail: String, fix: String) -> Finding {
    Finding(check: check, level: .warning, detail: detail, fix: fix)
  }

  static func error(_ check: String, _ detail: String, fix: String) -> Finding {
    Finding(check: check, level: .error, detail: detail, fix: fix)
  }
}

/// All findings, as people and programs read them.
struct DoctorReport {
  var findings: [Finding]

  var errors: Int { findings.count { $0.level == .error } }
  var warnings: Int { findings.count { $0.level == .warning } }

  var json: RawJSON {
    .object([
      ("version", .string(celerityVersion)), ("errors", .integer(Int64(errors))),
      ("warnings", .integer(Int64(warnings))),
      (
        "findings",
        .array(
          findings.map { finding in
            .object([
              ("check", .string(finding.check)), ("level", .string(finding.level.rawValue)),
              ("detail", .string(finding.detail)), ("fix", finding.fix.map(RawJSON.string) ?? .null),
            ])
          })
      ),
    ])
  }

  var table: Table {
    Table(
      [.init("check"), .init("level"), .init("detail"), .init("fix")],
      rows: findings.map {
        [Table.Cell($0.check), Table.Cell($0.level.rawValue), Table.Cell($0.detail), Table.Cell($0.fix ?? "")]
      })
  }

  /// For a terminal: details and fixes are sentences, which a table would cut.
  func lines(_ layout: TextLayout) -> [String] {
    let column = 2 + "warning".count + 2 + (findings.map(\.check.count).max() ?? 0) + 2
    return findings.flatMap { finding in
      let level = finding.level.rawValue.padded(to: "warning".count)
      let head = "  \(level)  \(finding.check)".padded(to: column)
      var lines = layout.wrapped(SafeText.line(finding.detail), indentedBy: column)
      lines[0] = head + lines[0].dropFirst(column)
      lines[0] = lines[0].replacing(
        level, with: finding.level.tone.paint(level, colours: layout.isEmphasised), maxReplacements: 1)
      guard let fix = finding.fix else { return lines }
      return lines + layout.wrapped("try: " + SafeText.line(fix), indentedBy: column, hanging: column + 5)
    } + ["", verdict]
  }

  private var verdict: String {
    if errors + warnings == 0 { return "Everything looked at is as it should be." }
    return "\(HumanText.count(errors, "error")), \(HumanText.count(warnings, "warning"))."
  }
}
