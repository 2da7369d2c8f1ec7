import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import Testing

@testable import CelerityApp

@Suite("Settings of services of every kind, and those that are secret")
struct SecretSettingTests {
  private struct Shop: ServiceDefinition {
    static let name = "shop"
    static let size = ServiceSetting("shop.size", default: 7, "Any whole number.")
    static let open = ServiceSetting("shop.open", default: true, "Whether it is open.")
    static let sign = ServiceSetting("shop.sign", default: "", "What is over the door.")
    static let pause = ServiceSetting("shop.pause", default: Duration.milliseconds(1500), "How long it rests.")
    static let code = ServiceSetting("shop.code", default: "0000", isSecret: true, "Of the safe.")
    var tasks: [any TaskDefinition] { [] }
    var settings: [any AnyServiceSetting] { [Self.size, Self.open, Self.sign, Self.pause, Self.code] }
  }

  private func view(_ environment: [String: String] = [:]) throws -> (ResolvedSettings, SettingsView) {
    let settings = try SettingsReader(flags: [:], environment: environment, file: nil).read()
    return (settings, SettingsView(settings))
  }

  @Test("Each kind has its default, its value and its expectation")
  func kinds() throws {
    try InstalledServices.$current.withValue([Shop()]) {
      let (settings, view) = try view([
        "CELERITY_SHOP_SIZE": "-3", "CELERITY_SHOP_OPEN": "false", "CELERITY_SHOP_SIGN": "a, b",
        "CELERITY_SHOP_PAUSE": "2m",
      ])
      #expect(settings[Setting(Shop.size)] == .integer(-3))
      #expect(settings[Setting(Shop.open)] == .flag(false))
      #expect(settings[Setting(Shop.sign)] == .text("a, b"))
      #expect(settings[Setting(Shop.pause)] == .duration(.seconds(120)))
      #expect(settings[Setting(Shop.code)] == .text("0000"))
      #expect(view.json["shop.pause"]?["default"]?.stringValue == "1.5s")
      #expect(Setting(Shop.size).expectation == "a whole number")
      #expect(SettingsReference.markdown.contains("| `shop.pause` | `CELERITY_SHOP_PAUSE` | `1.5s` |"))
      for (name, wrong) in [("SIZE", "x"), ("OPEN", "maybe"), ("PAUSE", "long")] {
        #expect(throws: SettingsError.self) { try self.view(["CELERITY_SHOP_\(name)": wrong]) }
      }
    }
  }

  @Test("A secret is shown nowhere")
  func secrets() throws {
    try InstalledServices.$current.withValue([Shop()]) {
      let (_, view) = try view([
        "CELERITY_SHOP_CODE": "s3cret", "INFLUXDB_TOKEN": "s3cret", "CELERITY_ALERTS_WEBHOOK": "https://h/s3cret",
      ])
      #expect(!view.json.description.contains("s3cret"))
      for name in ["shop.code", "telemetry.token", "alerts.webhook"] {
        #expect(view.json[name]?["value"]?.stringValue == "***")
        #expect(!view.json(of: try Settings.named(name)).description.contains("s3cret"))
      }
    }
  }

  @Test("A secret that is not set is shown as nothing")
  func unset() throws {
    #expect(try view().1.json["telemetry.token"]?["value"]?.stringValue == "")
  }
}
