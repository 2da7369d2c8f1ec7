/// A whole number that whoever runs the platform may set for a service; it is read, documented and refused like the
/// platform's own settings.
public struct ServiceSetting: Sendable, Hashable {
  /// The full name, which begins with the service's: `finance.queue_limit`.
  public var name: String
  /// What it may be.
  public var range: ClosedRange<Int>
  public var defaultValue: Int
  /// Names in the environment that are honoured after ours, because people have them set.
  public var otherEnvironmentNames: [String]
  public var documentation: String

  /// A setting with its bounds and its default.
  public init(
    _ name: String, _ range: ClosedRange<Int>, default defaultValue: Int, otherEnvironmentNames: [String] = [],
    _ documentation: String
  ) {
    self.name = name
    self.range = range
    self.defaultValue = defaultValue
    self.otherEnvironmentNames = otherEnvironmentNames
    self.documentation = documentation
  }
}

/// The values of services' settings as they are in force.
public struct ServiceSettingValues: Sendable, Hashable {
  private var values: [String: Int]

  /// Values by the settings' names; what is not named has its default.
  public init(_ values: [String: Int] = [:]) { self.values = values }

  /// The value of a setting.
  public subscript(setting: ServiceSetting) -> Int { values[setting.name] ?? setting.defaultValue }
}

/// Which of several servers this is.
public struct ServerIdentity: Sendable, Hashable {
  /// Differs between servers that share a store.
  public var id: String
  /// The program's version.
  public var version: String

  /// A server.
  public init(id: String = "localhost", version: String = "0") {
    self.id = id
    self.version = version
  }
}
