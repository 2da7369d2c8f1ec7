public import CelerityCore

/// What the platform lends a service, the same in its routes and in its tasks: places to keep things, ways to tell people,
/// ways to reach what is outside.
public struct ServiceResources: Sendable {
  public var documents: any DocumentStore
  public var blobs: any BlobStore
  public var cache: any CacheStore
  public var telemetry: any TelemetrySink
  public var alerts: any AlertSink
  public var web: any WebClient
  public var programs: any ProgramRunner
  /// What services' settings are set to.
  public var settings: ServiceSettingValues
  public var time: any TimeSource

  /// Resources from their parts.
  public init(
    documents: any DocumentStore, blobs: any BlobStore, cache: any CacheStore, telemetry: any TelemetrySink,
    alerts: any AlertSink, web: any WebClient, programs: any ProgramRunner,
    settings: ServiceSettingValues = ServiceSettingValues(), time: any TimeSource
  ) {
    self.documents = documents
    self.blobs = blobs
    self.cache = cache
    self.telemetry = telemetry
    self.alerts = alerts
    self.web = web
    self.programs = programs
    self.settings = settings
    self.time = time
  }

  /// Nothing: for tasks that run where nothing is lent. Whatever is asked for is answered with an error that says so.
  public static var none: ServiceResources {
    let nothing = NoResources()
    return ServiceResources(
      documents: nothing, blobs: nothing, cache: nothing, telemetry: DiscardedTelemetry(), alerts: nothing,
      web: nothing, programs: nothing, time: SystemTime())
  }
}

/// Refuses everything.
private struct NoResources: DocumentStore, BlobStore, CacheStore, AlertSink, WebClient, ProgramRunner {
  private var refusal: EngineError { EngineError(.invalid, "this task runs where the platform's stores are not lent") }

  func documents(_ keys: [DocumentKey]) async throws(EngineError) -> [Document?] { throw refusal }
  func write(_ writes: [DocumentWrite]) async throws(EngineError) -> DocumentWriteResult { throw refusal }
  func documents(
    in collection: String, of tenant: Tenant, prefix: String, after name: String?, limit: Int
  ) async throws(EngineError) -> [Document] { throw refusal }

  func put(_ blob: Blob, at key: DocumentKey) async throws(EngineError) { throw refusal }
  func blob(_ key: DocumentKey) async throws(EngineError) -> Blob? { throw refusal }
  func deleteBlob(_ key: DocumentKey) async throws(EngineError) -> Bool { throw refusal }

  func cached(_ key: CacheKey, counting: Bool) async throws(EngineError) -> Blob? { throw refusal }
  func cache(
    _ blob: Blob, at key: CacheKey, for lifetime: Duration, bound: Int
  ) async throws(EngineError) { throw refusal }
  func uncache(_ key: CacheKey) async throws(EngineError) -> Bool { throw refusal }
  func cacheFigures(of cache: String) async throws(EngineError) -> CacheFigures { throw refusal }

  func raise(_ alert: Alert) async throws(EngineError) { throw refusal }
  func alerts(kind: String?, limit: Int) async throws(EngineError) -> [Alert] { throw refusal }

  func send(_ request: WebRequest) async throws(WebError) -> WebResponse {
    throw WebError(.unreachable, refusal.message)
  }

  func run(_ run: ProgramRun) async throws(ProgramError) -> ProgramResult {
    throw ProgramError(.notInstalled, refusal.message)
  }
  func find(_ program: String) -> String? { nil }
}
