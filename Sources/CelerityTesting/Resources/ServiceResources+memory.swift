public import CelerityCore
public import CelerityTasks

extension ServiceResources {
  /// Resources over a store in memory. A test that wants to look at what was recorded, raised, asked for or run, or to
  /// script the answers, makes those parts itself.
  public static func memory(
    _ store: some DocumentStore & BlobStore & CacheStore, time: any TimeSource,
    settings: ServiceSettingValues = ServiceSettingValues(),
    telemetry: any TelemetrySink = RecordingTelemetry(), alerts: any AlertSink = RecordingAlerts(),
    web: any WebClient = StubWeb(), programs: any ProgramRunner = StubPrograms()
  ) -> ServiceResources {
    var resources = ServiceResources.none
    resources.documents = store
    resources.blobs = store
    resources.cache = store
    resources.telemetry = telemetry
    resources.alerts = alerts
    resources.web = web
    resources.programs = programs
    resources.settings = settings
    resources.time = time
    return resources
  }
}
