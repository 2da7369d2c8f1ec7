import CelerityJSON

/// Settings as people and programs read them. What is secret in a value is never shown.
struct SettingsView {
  let settings: ResolvedSettings

  private let chosen: [any AnySetting]

  init(_ settings: ResolvedSettings, chosen: [any AnySetting] = Settings.all) {
    self.settings = settings
    self.chosen = chosen
  }

  var table: Table {
    Table(
      [.init("setting"), .init("value", .elastic), .init("origin", .elastic), .init("default", .optional)],
      rows: chosen.map { setting in
        let (text, origin) = value(of: setting)
        return [
          Table.Cell(setting.name), cell(text), Table.Cell(origin, tone: origin == "default" ? .faint : .strong),
          cell(setting.defaultText),
        ]
      })
  }

  var json: RawJSON { .object(chosen.map { ($0.name, origin(of: $0)) }) }

  /// One setting with everything that is known of it.
  func json(of setting: any AnySetting) -> RawJSON {
    let (text, origin) = value(of: setting)
    return .object([
      ("setting", .string(setting.name)), ("value", .string(text)), ("origin", .string(origin)),
      ("default", .string(setting.defaultText)), ("expects", .string(setting.expectation)),
      ("environment", .array(environmentNames(setting).map(RawJSON.string))),
      ("meaning", .string(setting.documentation)),
    ])
  }

  func fields(of setting: any AnySetting) -> [(name: String, cell: Table.Cell)] {
    let (text, origin) = value(of: setting)
    return [
      ("setting", Table.Cell(setting.name, tone: .strong)), ("meaning", Table.Cell(setting.documentation)),
      ("value", cell(text)), ("origin", Table.Cell(origin)), ("default", cell(setting.defaultText)),
      ("expects", Table.Cell(setting.expectation)),
      ("environment", Table.Cell(environmentNames(setting).joined(separator: ", "))),
      ("in_a_file", Table.Cell(example(setting))),
    ]
  }

  /// How it is written in YAML, on one line.
  private func example(_ setting: any AnySetting) -> String {
    let parts = setting.name.split(separator: ".")
    let value = setting.defaultText.isEmpty ? "…" : setting.defaultText
    guard parts.count > 1, let last = parts.last else { return "\(setting.name): \(value)" }
    return parts.dropLast().map { "\($0): { " }.joined() + "\(last): \(value)"
      + String(repeating: " }", count: parts.count - 1)
  }

  private func origin(of setting: any AnySetting) -> RawJSON {
    let (text, origin) = value(of: setting)
    return .object([
      ("value", .string(text)), ("origin", .string(origin)), ("default", .string(setting.defaultText)),
    ])
  }

  private func environmentNames(_ setting: any AnySetting) -> [String] {
    [setting.environmentName] + setting.otherEnvironmentNames
  }

  private func cell(_ text: String) -> Table.Cell { text.isEmpty ? .none : Table.Cell(text) }

  private func value(of setting: any AnySetting) -> (String, String) {
    guard let entry = settings.entries[setting.name] else {
      return (setting.shown(setting.defaultText), "default")
    }
    let origin =
      switch entry.origin {
      case .flag: "flag"
      case .environment(let name): name
      case .file(let path): path
      case .builtIn: "default"
      }
    return (setting.shown(entry.text), origin)
  }
}
