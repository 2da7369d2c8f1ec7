import CelerityCore
import CelerityObservability
import Logging

/// Which writers the settings name, with everything wrong about them found before something is opened.
struct TelemetryChoice {
  /// The words of `telemetry.sinks`.
  static let words = ["file", "log", "influx"]

  private let settings: ResolvedSettings
  private let names: [String]

  init(_ settings: ResolvedSettings) throws(UsageError) {
    self.settings = settings
    var names: [String] = []
    for name in settings[Settings.telemetrySinks] where !names.contains(name) {
      guard Self.words.contains(name) else {
        let guess = closestMatch(to: name, among: Self.words).map { "; did you mean '\($0)'?" } ?? ""
        throw UsageError(
          "telemetry.sinks can't be '\(name)'\(guess)", hint: "use some of \(Self.words.joined(separator: ", "))")
      }
      names.append(name)
    }
    self.names = names
    if names.contains("influx") { try Self.check(Settings.telemetryURL, settings) }
    if !settings[Settings.alertWebhook].isEmpty { try Self.check(Settings.alertWebhook, settings) }
  }

  private static func check(_ setting: Setting<String>, _ settings: ResolvedSettings) throws(UsageError) {
    do {
      _ = try WebPlace(settings[setting])
    } catch {
      throw UsageError("\(setting.name): \(error.message)", hint: "such as http://127.0.0.1:8086")
    }
  }

  /// The writer to InfluxDB, if it is chosen.
  func influx(_ web: any WebClient) -> InfluxWriter? {
    guard names.contains("influx") else { return nil }
    let database = settings[Settings.telemetryDatabase]
    let place: InfluxWriter.Place =
      database.isEmpty
      ? .bucket(settings[Settings.telemetryBucket], organisation: settings[Settings.telemetryOrganisation])
      : .database(database)
    return InfluxWriter(settings[Settings.telemetryURL], place, token: settings[Settings.telemetryToken], web: web)
  }

  func pipes(
    _ web: any WebClient, _ metrics: MetricsRegistry, _ time: any TimeSource, _ logger: Logger
  ) -> [TelemetryPipe] {
    let counts = TelemetryMetrics(metrics)
    let limits = TelemetryPipe.Limits(
      buffer: settings[Settings.telemetryBuffer], batch: settings[Settings.telemetryBatch],
      interval: settings[Settings.telemetryInterval])
    return writers(web, logger).map {
      TelemetryPipe(to: $0, limits: limits, metrics: counts, time: time, logger: logger)
    }
  }

  private func writers(_ web: any WebClient, _ logger: Logger) -> [any TelemetryWriter] {
    names.compactMap { name -> (any TelemetryWriter)? in
      switch name {
      case "file":
        FileWriter(
          directory: settings[Settings.data] + "/telemetry", bound: settings[Settings.telemetryFileBytes],
          older: settings[Settings.telemetryFiles])
      case "log": LogWriter(logger)
      default: influx(web)
      }
    }
  }
}
