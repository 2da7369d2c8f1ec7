import CelerityCore
import CelerityRoutes
import CelerityTasks
import Testing

@testable import CelerityApp

@Suite("Values of settings")
struct SettingTypeTests {
  static let durations: [(String, Duration)] = [
    ("0", .zero), ("30", .seconds(30)), ("1.5", .milliseconds(1500)), ("500ms", .milliseconds(500)),
    ("30s", .seconds(30)), ("5m", .seconds(300)), ("2h", .seconds(7200)), ("7d", .seconds(604_800)),
    ("1.5d", .seconds(129_600)),
  ]

  @Test("A duration is seconds, or a number with a unit", arguments: durations)
  func duration(text: String, duration: Duration) {
    #expect(SettingType<Duration>.duration.parse(text) == duration)
  }

  @Test(
    "What is no duration is refused",
    arguments: [
      "", " ", "s", "-1s", "+1s", "1e3", "1e3s", "nan", "infinity", "0x10", "0x10s", "0x1d", "1.2.3", "1 s", "1h30m",
      "١s", "99999999999999999999",
    ])
  func noDuration(text: String) {
    #expect(SettingType<Duration>.duration.parse(text) == nil)
  }

  private struct Shop: ServiceDefinition {
    static let name = "shop"
    static let limit = ServiceSetting(
      "shop.limit", 1...9, default: 5, otherEnvironmentNames: ["LIMIT"], "Most of them.")
    var tasks: [any TaskDefinition] { [] }
    var settings: [any AnyServiceSetting] { [Self.limit] }
  }

  private func read(_ environment: [String: String], file: String? = nil) throws -> AnyServiceSettingValue {
    try InstalledServices.$current.withValue([Shop()]) {
      let file = file.map { (path: "f.yaml", text: $0) }
      return try SettingsReader(flags: [:], environment: environment, file: file).read()[Setting(Shop.limit)]
    }
  }

  @Test("A service's setting is read like the platform's own")
  func service() throws {
    #expect(try read([:]) == .integer(5))
    #expect(try read(["CELERITY_SHOP_LIMIT": "7"]) == .integer(7))
    #expect(try read(["LIMIT": "8"]) == .integer(8))
    #expect(try read(["LIMIT": "8", "CELERITY_SHOP_LIMIT": "7"]) == .integer(7))
    #expect(try read([:], file: "shop:\n  limit: 2\n") == .integer(2))
    for wrong in ["0", "10", "x", ""] {
      #expect(throws: SettingsError.self) { try read(["CELERITY_SHOP_LIMIT": wrong]) }
    }
    #expect(throws: SettingsError.self) { try read([:], file: "shop:\n  limits: 2\n") }
  }

  @Test("Without the service its setting is unknown")
  func unknown() {
    #expect(throws: SettingsError.self) {
      try SettingsReader(flags: [:], environment: ["CELERITY_SHOP_LIMIT": "7"]).read()
    }
  }

  @Test("A service sees the value in force, or the default")
  func values() {
    #expect(ServiceSettingValues()[Shop.limit] == 5)
    #expect(ServiceSettingValues(["shop.limit": .integer(3)])[Shop.limit] == 3)
  }

  @Test("However the values of settings are written out, secrets are not among them")
  func secrets() {
    let values = ServiceSettingValues(["shop.key": .text("sk-secret")])
    var dumped = ""
    dump(values, to: &dumped)
    for text in ["\(values)", "\([values])", String(reflecting: values), dumped] {
      #expect(!text.contains("sk-secret"))
    }
    #expect("\(values)".contains("shop.key"))
  }
}
