import CelerityJSON

/// Settings as people and programs read them.
struct SettingsView {
  let settings: ResolvedSettings

  init(_ settings: ResolvedSettings) { self.settings = settings }

  var table: String {
    let width = Settings.all.map(\.name.count).max() ?? 0
    return Settings.all.map { setting in
      let (text, origin) = value(of: setting)
      return "\(setting.name.padded(to: width))  \((text.isEmpty ? "-" : text).padded(to: 20))  \(origin)"
    }.joined(separator: "\n")
  }

  var json: String {
    var writer = JSONWriter(reservingCapacity: 2048)
    writer.beginObject()
    for setting in Settings.all {
      let (text, origin) = value(of: setting)
      writer.key(setting.name)
      writer.beginObject()
      writer.member("value", text)
      writer.member("origin", origin)
      writer.member("default", setting.defaultText)
      writer.endObject()
    }
    writer.endObject()
    return writer.finish().description
  }

  func explanation(of setting: any AnySetting) -> String {
    let (text, origin) = value(of: setting)
    let others = setting.otherEnvironmentNames.map { ", \($0)" }.joined()
    return """
      \(setting.name)
        \(setting.documentation)
        value        \(text.isEmpty ? "-" : text) (\(origin))
        default      \(setting.defaultText.isEmpty ? "-" : setting.defaultText)
        type         \(setting.expectation)
        environment  \(setting.environmentName)\(others)
      """
  }

  private func value(of setting: any AnySetting) -> (String, String) {
    guard let entry = settings.entries[setting.name] else { return (setting.defaultText, "default") }
    let origin =
      switch entry.origin {
      case .flag: "flag"
      case .environment(let name): name
      case .file(let path): path
      case .builtIn: "default"
      }
    return (entry.text, origin)
  }
}
