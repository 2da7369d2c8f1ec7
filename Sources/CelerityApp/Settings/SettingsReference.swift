/// The reference page of settings, made from the table.
enum SettingsReference {
  static var markdown: String {
    var lines = [
      "# Settings",
      "",
      "Made from the settings table by `celerity config reference`; a test compares the two.",
      "",
      "A flag wins over the environment, the environment over the file named by `--config` (YAML; dots are nesting), the",
      "file over the default. Every setting can be given as `--set name=value`. Unknown names are refused.",
      "",
      "| setting | environment | default | value | meaning |",
      "| --- | --- | --- | --- | --- |",
    ]
    for setting in Settings.all {
      let names = ([setting.environmentName] + setting.otherEnvironmentNames).map { "`\($0)`" }.joined(separator: ", ")
      let shown = setting.defaultText.isEmpty ? "–" : "`\(setting.defaultText)`"
      lines.append("| `\(setting.name)` | \(names) | \(shown) | \(setting.expectation) | \(setting.documentation) |")
    }
    return lines.joined(separator: "\n")
  }
}
