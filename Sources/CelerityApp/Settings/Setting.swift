import CelerityCore
import CelerityRoutes

/// One configurable value: its name in files and on the command line, its type, default and documentation. The name in
/// the environment follows from it: `worker.concurrency` is `CELERITY_WORKER_CONCURRENCY`.
public struct Setting<Value: Sendable>: Sendable {
  public let name: String
  public let documentation: String
  /// Names in the environment that are honoured after ours, because people have them set.
  public let otherEnvironmentNames: [String]
  public let defaultText: String
  let type: SettingType<Value>

  init(
    _ name: String, _ type: SettingType<Value>, default defaultText: String, otherEnvironmentNames: [String] = [],
    _ documentation: String
  ) {
    self.name = name
    self.type = type
    self.defaultText = defaultText
    self.otherEnvironmentNames = otherEnvironmentNames
    self.documentation = documentation
  }
}

extension Setting where Value == Int {
  /// The setting of a service.
  init(_ setting: ServiceSetting) {
    self.init(
      setting.name, .integer(setting.range), default: String(setting.defaultValue),
      otherEnvironmentNames: setting.otherEnvironmentNames, setting.documentation)
  }
}

/// How a setting's text becomes a value.
struct SettingType<Value: Sendable>: Sendable {
  /// What is expected, for messages and the reference page.
  let expectation: String
  let parse: @Sendable (String) -> Value?
}

/// A setting with its type erased: what the table is made of.
protocol AnySetting: Sendable {
  var name: String { get }
  var documentation: String { get }
  var otherEnvironmentNames: [String] { get }
  var defaultText: String { get }
  var expectation: String { get }
  func accepts(_ text: String) -> Bool
}

extension Setting: AnySetting {
  var expectation: String { type.expectation }
  func accepts(_ text: String) -> Bool { type.parse(text) != nil }
}

extension AnySetting {
  var environmentName: String {
    "CELERITY_" + name.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
  }
}

extension SettingType where Value == String {
  static let text = SettingType(expectation: "text") { $0.isEmpty ? nil : $0 }
  /// Text that may be empty.
  static let optionalText = SettingType(expectation: "text or nothing") { $0 }

  static func choice(_ words: [String]) -> SettingType {
    SettingType(expectation: "one of \(words.joined(separator: ", "))") { words.contains($0) ? $0 : nil }
  }
}

extension SettingType where Value == String {
  private static let levels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]

  /// A level of log lines, in Python's capitals too and under its other names.
  static let logLevel = SettingType(expectation: "one of \(levels.joined(separator: ", "))") { text in
    let word = text.lowercased()
    return ["warn": "warning", "fatal": "critical"][word] ?? (levels.contains(word) ? word : nil)
  }
}

extension SettingType where Value == Bool {
  static let flag = SettingType(expectation: "true or false") { Bool($0) }
}

extension SettingType where Value == Int {
  static func integer(_ range: ClosedRange<Int>) -> SettingType {
    SettingType(expectation: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
      Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension SettingType where Value == Duration {
  /// Seconds with a fraction, or a number with a unit: `500ms`, `30s`, `5m`, `2h`, `7d`.
  static let duration = SettingType(expectation: "a duration such as 500ms, 30s, 5m, 2h or 7d") { text in
    let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("", 1)]
    for (suffix, factor) in units where text.hasSuffix(suffix) {
      let digits = text.dropLast(suffix.count)
      // `Double` would also take signs, exponents, hexadecimal digits and words.
      let isDecimal = digits.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
      guard isDecimal, let number = Double(digits) else { continue }
      return Duration(clientSeconds: number * factor)
    }
    return nil
  }
}

extension SettingType where Value == [String] {
  /// Words separated by commas; nothing means the empty list.
  static let list = SettingType(expectation: "words separated by commas") { text in
    text.split(separator: ",").map { String($0.trimmed) }.filter { !$0.isEmpty }
  }
}
