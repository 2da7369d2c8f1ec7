import CelerityCore

/// Where a value came from.
enum SettingOrigin: Sendable, Hashable {
  case flag
  case environment(String)
  case file(String)
  case builtIn
}

/// The values in force, each with its origin.
public struct ResolvedSettings: Sendable {
  struct Entry: Sendable {
    var text: String
    var origin: SettingOrigin
  }

  var entries: [String: Entry]

  /// The value of a setting; the reader has checked every text, so only a programming error could miss here.
  public subscript<Value>(setting: Setting<Value>) -> Value {
    let text = entries[setting.name]?.text ?? setting.defaultText
    guard let value = setting.type.parse(text) ?? setting.type.parse(setting.defaultText) else {
      preconditionFailure("the default of \(setting.name) is not \(setting.type.expectation)")
    }
    return value
  }
}

/// One thing that is wrong with a configuration.
struct SettingsProblem: Hashable {
  var text: String
  /// The setting it is about, if it is about one that exists or is meant.
  var setting: String?
}

/// Everything that is wrong with a configuration, found in one go.
struct SettingsError: Error, CustomStringConvertible {
  var problems: [SettingsProblem]

  var description: String { problems.map(\.text).joined(separator: "\n") }
  var hint: String { "celerity config explain \(problems.compactMap(\.setting).first ?? "KEY")" }
}

/// Reads settings by precedence: flag, environment, file, default.
struct SettingsReader {
  /// Variables with our prefix that are no settings: where clients find a gateway, and switches of the test suite.
  private static let otherVariables = ["CELERITY_URL", "CELERITY_CONFIG"]
  private static let otherPrefixes = ["CELERITY_SIM_", "CELERITY_TEST_", "CELERITY_OPTIMISE_", "CELERITY_BENCH_"]

  /// Settings that have an option of their own.
  private static let options = [
    Settings.host.name: "--host", Settings.port.name: "--port", Settings.data.name: "--data",
    Settings.engine.name: "--engine", Settings.results.name: "--results", Settings.services.name: "--service",
    Settings.concurrency.name: "--concurrency",
    Settings.queues.name: "--queues", Settings.logLevel.name: "--loglevel", Settings.workerName.name: "--hostname",
    Settings.excludedQueues.name: "--exclude-queues", Settings.healthPort.name: "--health-port",
  ]

  var flags: [String: String]
  /// Which of them `--set` gave, not an option of their own.
  var assigned: Set<String> = []
  var environment: [String: String]
  /// The configuration file's path and text.
  var file: (path: String, text: String)?

  func read() throws -> ResolvedSettings {
    let (settings, problems) = resolved()
    guard problems.isEmpty else { throw SettingsError(problems: problems) }
    return settings
  }

  /// Everything that is wrong.
  func problems() -> [SettingsProblem] { resolved().1 }

  /// How many settings the file has.
  var settingsInFile: Int { SettingsFile(file).values.count }

  private func resolved() -> (ResolvedSettings, [SettingsProblem]) {
    let file = SettingsFile(file)
    let redis = RedisVariables(environment)
    var problems = file.problems.map { SettingsProblem(text: $0) } + unknownNames(in: file)
    var entries: [String: ResolvedSettings.Entry] = [:]
    for setting in Settings.all {
      var entry = entry(of: setting, file)
      if setting.name == Settings.engine.name, entry.text.isEmpty, let redis {
        entry = .init(text: redis.url, origin: .environment(RedisVariables.host))
      }
      if !setting.accepts(entry.text) {
        problems.append(SettingsProblem(text: refusal(of: setting, entry, file), setting: setting.name))
      }
      entries[setting.name] = entry
    }
    if case .environment(RedisVariables.host) = entries[Settings.engine.name]?.origin {
      problems += redis?.problems ?? []
    }
    return (ResolvedSettings(entries: entries), problems)
  }

  private func entry(of setting: any AnySetting, _ file: SettingsFile) -> ResolvedSettings.Entry {
    if let text = flags[setting.name] { return .init(text: text, origin: .flag) }
    if let text = environment[setting.environmentName] {
      return .init(text: text, origin: .environment(setting.environmentName))
    }
    for name in setting.otherEnvironmentNames {
      // Many deployments write `NAME=` for what they do not set.
      if let text = environment[name], !text.isEmpty { return .init(text: text, origin: .environment(name)) }
    }
    if let value = file.values[setting.name] { return .init(text: value.text, origin: .file(file.path)) }
    return .init(text: setting.defaultText, origin: .builtIn)
  }

  private func refusal(of setting: any AnySetting, _ entry: ResolvedSettings.Entry, _ file: SettingsFile) -> String {
    let place =
      switch entry.origin {
      case .flag where !assigned.contains(setting.name): Self.options[setting.name] ?? setting.name
      case .flag: setting.name
      case .environment(let name): name
      case .file: "\(setting.name) in \(file.place(of: setting.name))"
      case .builtIn: setting.name
      }
    return "\(place) is '\(setting.shown(entry.text))', but must be \(setting.expectation)"
  }

  private func unknownNames(in file: SettingsFile) -> [SettingsProblem] {
    let names = Settings.all.map(\.name)
    let variables = Set(Settings.all.map(\.environmentName) + Self.otherVariables)
    let inFile = file.values.keys.filter { !names.contains($0) }.sorted {
      (file.values[$0]?.line ?? 0, $0) < (file.values[$1]?.line ?? 0, $1)
    }.map { Self.unknown("key '\($0)' in \(file.place(of: $0))", $0, names) }
    let inEnvironment = environment.keys.sorted().filter { name in
      name.hasPrefix("CELERITY_") && !variables.contains(name) && !Self.otherPrefixes.contains { name.hasPrefix($0) }
    }.map { Self.unknown("variable \($0)", $0, variables.sorted()) }
    return inFile + inEnvironment
  }

  private static func unknown(_ what: String, _ name: String, _ candidates: [String]) -> SettingsProblem {
    // `concurrency` alone: people forget where a setting is kept.
    let homes = candidates.filter { $0.hasSuffix("." + name) || $0.hasSuffix("_" + name) }
    let meant = homes.count == 1 ? homes[0] : closestMatch(to: name, among: candidates)
    return SettingsProblem(
      text: "unknown \(what)" + (meant.map { "; did you mean '\($0)'?" } ?? ""), setting: meant)
  }
}
