/// A value that whoever runs the platform may set for a service; it is read, documented and refused like the platform's own
/// settings.
public struct ServiceSetting<Value: ServiceSettingValue>: Sendable {
  /// The full name, which begins with the service's: `finance.queue_limit`.
  public var name: String
  public var defaultValue: Value
  /// What numbers may be.
  public var range: ClosedRange<Int>?
  /// Is never shown.
  public var isSecret: Bool
  /// Names in the environment that are honoured after ours, because people have them set.
  public var otherEnvironmentNames: [String]
  public var documentation: String

  /// A flag, a text, or a duration with its default. A text may be empty.
  public init(
    _ name: String, default defaultValue: Value, isSecret: Bool = false, otherEnvironmentNames: [String] = [],
    _ documentation: String
  ) {
    self.name = name
    self.defaultValue = defaultValue
    self.isSecret = isSecret
    self.otherEnvironmentNames = otherEnvironmentNames
    self.documentation = documentation
  }
}

extension ServiceSetting where Value == Int {
  /// A whole number with its bounds and its default.
  public init(
    _ name: String, _ range: ClosedRange<Int>, default defaultValue: Int, otherEnvironmentNames: [String] = [],
    _ documentation: String
  ) {
    self.init(name, default: defaultValue, otherEnvironmentNames: otherEnvironmentNames, documentation)
    self.range = range
  }
}

/// What a service's setting can be.
public protocol ServiceSettingValue: Sendable, Hashable {
  /// The value among those of its kind.
  static func value(of any: AnyServiceSettingValue) -> Self?
  /// The value with its kind.
  var any: AnyServiceSettingValue { get }
}

/// A value of a service's setting, whichever kind it is.
public enum AnyServiceSettingValue: Sendable, Hashable {
  case integer(Int)
  case flag(Bool)
  case text(String)
  case duration(Duration)
}

extension Int: ServiceSettingValue {
  public static func value(of any: AnyServiceSettingValue) -> Int? {
    if case .integer(let value) = any { value } else { nil }
  }

  public var any: AnyServiceSettingValue { .integer(self) }
}

extension Bool: ServiceSettingValue {
  public static func value(of any: AnyServiceSettingValue) -> Bool? {
    if case .flag(let value) = any { value } else { nil }
  }

  public var any: AnyServiceSettingValue { .flag(self) }
}

extension String: ServiceSettingValue {
  public static func value(of any: AnyServiceSettingValue) -> String? {
    if case .text(let value) = any { value } else { nil }
  }

  public var any: AnyServiceSettingValue { .text(self) }
}

extension Duration: ServiceSettingValue {
  public static func value(of any: AnyServiceSettingValue) -> Duration? {
    if case .duration(let value) = any { value } else { nil }
  }

  public var any: AnyServiceSettingValue { .duration(self) }
}

/// A service's setting with its type erased: what services list.
public protocol AnyServiceSetting: Sendable {
  var name: String { get }
  var anyDefault: AnyServiceSettingValue { get }
  var range: ClosedRange<Int>? { get }
  var isSecret: Bool { get }
  var otherEnvironmentNames: [String] { get }
  var documentation: String { get }
}

extension ServiceSetting: AnyServiceSetting {
  public var anyDefault: AnyServiceSettingValue { defaultValue.any }
}

/// The values of services' settings as they are in force.
public struct ServiceSettingValues: Sendable, Hashable {
  private var values: [String: AnyServiceSettingValue]

  /// Values by the settings' names; what is not named has its default.
  public init(_ values: [String: AnyServiceSettingValue] = [:]) { self.values = values }

  /// The value of a setting.
  public subscript<Value>(setting: ServiceSetting<Value>) -> Value {
    values[setting.name].flatMap(Value.value) ?? setting.defaultValue
  }
}

/// Some are secret, and what holds them is written to logs as a whole: only the names are told.
extension ServiceSettingValues: CustomStringConvertible, CustomReflectable {
  public var description: String { "settings: \(values.keys.sorted().joined(separator: ", "))" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
