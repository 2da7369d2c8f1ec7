import CelerityCore
import CelerityRoutes
import CelerityTasks

/// One configurable value: its name in files and on the command line, its type, default and documentation. The name in
/// the environment follows from it: `worker.concurrency` is `CELERITY_WORKER_CONCURRENCY`.
public struct Setting<Value: Sendable>: Sendable {
  public let name: String
  public let documentation: String
  /// Names in the environment that are honoured after ours, because people have them set.
  public let otherEnvironmentNames: [String]
  public let defaultText: String
  /// Is never shown.
  public let isSecret: Bool
  let type: SettingType<Value>

  init(
    _ name: String, _ type: SettingType<Value>, default defaultText: String, otherEnvironmentNames: [String] = [],
    isSecret: Bool = false, _ documentation: String
  ) {
    self.isSecret = isSecret
    self.name = name
    self.type = type
    self.defaultText = defaultText
    self.otherEnvironmentNames = otherEnvironmentNames
    self.documentation = documentation
  }
}

extension Setting where Value == AnyServiceSettingValue {
  /// The setting of a service.
  init(_ setting: any AnyServiceSetting) {
    let type: SettingType<AnyServiceSettingValue>
    let text: String
    switch setting.anyDefault {
    case .integer(let value):
      type = SettingType<Int>.integer(setting.range ?? .min ... .max).mapped { .integer($0) }
      text = String(value)
    case .flag(let value): (type, text) = (SettingType<Bool>.flag.mapped { .flag($0) }, String(value))
    case .text(let value): (type, text) = (SettingType<String>.optionalText.mapped { .text($0) }, value)
    case .duration(let value):
      (type, text) = (SettingType<Duration>.duration.mapped { .duration($0) }, Self.text(value))
    }
    self.init(
      setting.name, type, default: text, otherEnvironmentNames: setting.otherEnvironmentNames,
      isSecret: setting.isSecret, setting.documentation)
  }

  /// `90s` or `1.5s`, as people write it.
  private static func text(_ duration: Duration) -> String {
    let text = String(duration.inSeconds)
    return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + "s"
  }
}

/// How a setting's text becomes a value.
struct SettingType<Value: Sendable>: Sendable {
  /// What is expected, for messages and the reference page.
  let expectation: String
  let parse: @Sendable (String) -> Value?

  /// The same texts for values made from this type's.
  func mapped<Other>(_ map: @escaping @Sendable (Value) -> Other) -> SettingType<Other> {
    SettingType<Other>(expectation: expectation) { [parse] text in parse(text).map(map) }
  }
}

/// A setting with its type erased: what the table is made of.
protocol AnySetting: Sendable {
  var name: String { get }
  var documentation: String { get }
  var otherEnvironmentNames: [String] { get }
  var defaultText: String { get }
  var isSecret: Bool { get }
  var expectation: String { get }
  func accepts(_ text: String) -> Bool
}

extension Setting: AnySetting {
  var expectation: String { type.expectation }
  func accepts(_ text: String) -> Bool { type.parse(text) != nil }
}

extension AnySetting {
  /// A text of this setting as people may see it.
  func shown(_ text: String) -> String { isSecret ? text.isEmpty ? "" : "***" : SecretText.masked(text) }

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
  /// Also as programs in Python and in shells write it.
  static let flag = SettingType(expectation: "true or false") { text in
    switch text.lowercased() {
    case "true", "1", "yes", "on": true
    case "false", "0", "no", "off": false
    default: nil
    }
  }
}

extension SettingType where Value == Int {
  static func integer(_ range: ClosedRange<Int>) -> SettingType {
    let bounds = range == (Int.min...Int.max) ? "" : " from \(range.lowerBound) to \(range.upperBound)"
    return SettingType(expectation: "a whole number" + bounds) { text in
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
    text.split(separator: ",").map { String($0.trimmed) }.reduce(into: []) { words, word in
      if !word.isEmpty, !words.contains(word) { words.append(word) }
    }
  }
}
