import CelerityCore
import Yams

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

/// Everything that is wrong with a configuration, found in one go.
struct SettingsError: Error, CustomStringConvertible {
  var problems: [String]

  var description: String { problems.joined(separator: "\n") }
}

/// Reads settings by precedence: flag, environment, file, default.
struct SettingsReader {
  /// Variables with our prefix that are no settings: where clients find a gateway, and switches of the test suite.
  private static let otherVariables = ["CELERITY_URL", "CELERITY_CONFIG"]
  private static let otherPrefixes = ["CELERITY_SIM_", "CELERITY_TEST_", "CELERITY_OPTIMISE_", "CELERITY_BENCH_"]

  var flags: [String: String]
  var environment: [String: String]
  /// The configuration file's path and text.
  var file: (path: String, text: String)?

  func read() throws -> ResolvedSettings {
    var problems: [String] = []
    let (values, fileProblems) = fileValues()
    problems += fileProblems + unknownNames(in: values)
    var entries: [String: ResolvedSettings.Entry] = [:]
    for setting in Settings.all {
      let entry = entry(of: setting, values)
      if !setting.accepts(entry.text) { problems.append(Self.refusal(of: setting, entry)) }
      entries[setting.name] = entry
    }
    guard problems.isEmpty else { throw SettingsError(problems: problems) }
    return ResolvedSettings(entries: entries)
  }

  private func entry(of setting: any AnySetting, _ values: [String: String]) -> ResolvedSettings.Entry {
    if let text = flags[setting.name] { return .init(text: text, origin: .flag) }
    for name in [setting.environmentName] + setting.otherEnvironmentNames {
      if let text = environment[name] { return .init(text: text, origin: .environment(name)) }
    }
    if let text = values[setting.name] { return .init(text: text, origin: .file(file?.path ?? "")) }
    return .init(text: setting.defaultText, origin: .builtIn)
  }

  private static func refusal(of setting: any AnySetting, _ entry: ResolvedSettings.Entry) -> String {
    let place =
      switch entry.origin {
      case .flag: "--\(setting.name)"
      case .environment(let name): name
      case .file(let path): "\(setting.name) in \(path)"
      case .builtIn: setting.name
      }
    return "\(place) is '\(entry.text)', but must be \(setting.expectation)"
  }

  /// The file's values by dotted name.
  private func fileValues() -> ([String: String], [String]) {
    guard let file else { return ([:], []) }
    do {
      guard let root = try Yams.compose(yaml: file.text) else { return ([:], []) }
      var values: [String: String] = [:]
      var problems: [String] = []
      Self.flatten(root, path: [], file.path, &values, &problems)
      return (values, problems)
    } catch {
      return ([:], ["\(file.path) is no YAML: \(error)"])
    }
  }

  private static func flatten(
    _ node: Node, path: [String], _ file: String, _ values: inout [String: String], _ problems: inout [String]
  ) {
    switch node {
    case .scalar(let scalar):
      values[path.joined(separator: ".")] = scalar.string
    case .sequence(let sequence):
      values[path.joined(separator: ".")] = sequence.compactMap(\.scalar?.string).joined(separator: ",")
    case .mapping(let mapping):
      for (key, value) in mapping {
        guard let name = key.scalar?.string else {
          problems.append("\(file): a key below '\(path.joined(separator: "."))' is no text")
          continue
        }
        flatten(value, path: path + [name], file, &values, &problems)
      }
    case .alias:
      problems.append("\(file): aliases are not supported, at '\(path.joined(separator: "."))'")
    }
  }

  private func unknownNames(in values: [String: String]) -> [String] {
    let names = Set(Settings.all.map(\.name))
    let variables = Set(Settings.all.map(\.environmentName) + Self.otherVariables)
    let inFile = values.keys.sorted().filter { !names.contains($0) }.map { name in
      "unknown key '\(name)' in \(file?.path ?? "")" + Self.guess(name, names)
    }
    let inEnvironment = environment.keys.sorted().filter { name in
      name.hasPrefix("CELERITY_") && !variables.contains(name) && !Self.otherPrefixes.contains { name.hasPrefix($0) }
    }.map { "unknown variable \($0)" + Self.guess($0, variables) }
    return inFile + inEnvironment
  }

  private static func guess(_ name: String, _ candidates: Set<String>) -> String {
    closestMatch(to: name, among: candidates.sorted()).map { "; did you mean '\($0)'?" } ?? ""
  }
}
