import CelerityCore

extension Settings {
  /// The settings whose names, or a word of them, begin so; when there is none, the closest name is told.
  static func beginning(with prefix: String) throws(ClientError) -> [any AnySetting] {
    let found = all.filter {
      $0.name.hasPrefix(prefix) || $0.name.contains("." + prefix) || $0.environmentName == prefix
    }
    return found.isEmpty ? [try named(prefix)] : found
  }

  /// The setting of a name, its own or that in the environment; an unknown one is answered with the closest.
  static func named(_ name: String) throws(ClientError) -> any AnySetting {
    let known = all
    let match = known.first { setting in
      setting.name == name || setting.environmentName == name || setting.otherEnvironmentNames.contains(name)
    }
    if let match { return match }
    let homes = known.map(\.name).filter { $0.hasSuffix("." + name) }
    let meant = homes.count == 1 ? homes[0] : closestMatch(to: name, among: known.map(\.name))
    throw ClientError(
      "there is no setting '\(name)'", cause: meant.map { "did you mean '\($0)'?" },
      hint: meant.map { "celerity config explain \($0)" } ?? "celerity config show", status: .usage)
  }
}
