import CelerityCore

extension Settings {
  public static let telemetrySinks = Setting(
    "telemetry.sinks", .list, default: "",
    "Where measurements go: some of file, log and influx; nothing means nowhere.")
  public static let telemetryURL = Setting(
    "telemetry.url", .text, default: "http://127.0.0.1:8086", otherEnvironmentNames: ["INFLUXDB_URL"],
    "Address of the InfluxDB that influx writes to.")
  public static let telemetryDatabase = Setting(
    "telemetry.database", .optionalText, default: "",
    "Database of an InfluxDB 1, which is made when it is missing; nothing means that it is an InfluxDB 2.")
  public static let telemetryOrganisation = Setting(
    "telemetry.org", .text, default: "myorg", otherEnvironmentNames: ["INFLUXDB_ORG"],
    "Organisation of an InfluxDB 2.")
  public static let telemetryBucket = Setting(
    "telemetry.bucket", .text, default: "logs", otherEnvironmentNames: ["INFLUXDB_BUCKET"],
    "Bucket of an InfluxDB 2.")
  public static let telemetryToken = Setting(
    "telemetry.token", .optionalText, default: "", otherEnvironmentNames: ["INFLUXDB_TOKEN"], isSecret: true,
    "Token of an InfluxDB 2, or user:password of an InfluxDB 1.")
  public static let telemetryBuffer = Setting(
    "telemetry.buffer", .integer(1...1_000_000), default: "10000",
    "Points that wait while they can't be written; then the oldest are dropped and counted.")
  public static let telemetryBatch = Setting(
    "telemetry.batch", .integer(1...10_000), default: "1000", "Points that are written at once.")
  public static let telemetryInterval = Setting(
    "telemetry.flush_interval", .duration, default: "1s", "How long a point may wait for others.")
  public static let telemetryFileBytes = Setting(
    "telemetry.file_bytes", .integer(4096...(1 << 30)), default: "16777216",
    "Size at which the file of points is put aside for a new one.")
  public static let telemetryFiles = Setting(
    "telemetry.files", .integer(0...1000), default: "4", "Files of points that were put aside and are kept.")
  public static let alertWebhook = Setting(
    "alerts.webhook", .optionalText, default: "", isSecret: true,
    "Address that every alert is told to, as JSON in a POST; nothing means none.")
  public static let alertsKept = Setting(
    "alerts.keep", .integer(1...1_000_000), default: "10000", "Alerts that are kept in the store, the newest.")

  static let ofTelemetry: [any AnySetting] = [
    telemetrySinks, telemetryURL, telemetryDatabase, telemetryOrganisation, telemetryBucket, telemetryToken,
    telemetryBuffer, telemetryBatch, telemetryInterval, telemetryFileBytes, telemetryFiles, alertWebhook, alertsKept,
  ]

  /// Where each alert gets a file of its own.
  static func reportFolder(_ settings: ResolvedSettings) -> String { settings[data] + "/error_reports" }
}
