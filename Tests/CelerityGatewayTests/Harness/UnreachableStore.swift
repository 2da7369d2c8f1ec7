import CelerityCore
import CelerityGateway
import CelerityRoutes
import CelerityTasks
import Logging
import ServiceLifecycle

/// A store that can't be reached: every verb of it fails.
struct UnreachableStore: Store, AlertSink {
  private var error: EngineError { EngineError(.unavailable, "the store is away") }

  func submit(_ submissions: [Submission]) async throws(EngineError) -> [SubmitResult] { throw error }
  func fetch(_ request: FetchRequest) async throws(EngineError) -> [Delivery] { throw error }
  func extend(_ extensions: [LeaseExtension]) async throws(EngineError) -> [LeaseStatus] { throw error }
  func settle(_ settlements: [Settlement]) async throws(EngineError) -> [SettleResult] { throw error }
  func cancel(_ requests: [CancelRequest]) async throws(EngineError) -> [CancelResult] { throw error }
  func queues(of tenant: Tenant?) async throws(EngineError) -> [QueueStatus] { throw error }
  func control(_ commands: [ControlCommand]) async throws(EngineError) -> [ControlResult] { throw error }
  func maintain(_ request: MaintenanceRequest) async throws(EngineError) -> MaintenanceReport { throw error }

  func raise(_ alert: Alert) async throws(EngineError) { throw error }
  func alerts(kind: String?, limit: Int) async throws(EngineError) -> [Alert] { throw error }

  func records(_ keys: [TaskKey]) async throws(EngineError) -> [RecordLookup] { throw error }
  func list(_ query: RecordQuery) async throws(EngineError) -> RecordPage { throw error }
  func count(_ query: RecordQuery) async throws(EngineError) -> RecordCount { throw error }
  func tally(_ query: RecordQuery) async throws(EngineError) -> [RecordTally] { throw error }

  func changes(after seq: ChangeNumber, tenant: Tenant?, limit: Int) async throws(EngineError) -> ChangePage {
    throw error
  }
  func hints() -> AsyncStream<ChangeHint> { AsyncStream { $0.finish() } }
  func lastChange() async throws(EngineError) -> ChangeNumber { throw error }

  func report(_ reports: [ProgressReport]) async throws(EngineError) -> [Bool] { throw error }
  func append(_ lines: [TaskLogLine]) async throws(EngineError) { throw error }
  func logs(of key: TaskKey, after number: Int64, limit: Int) async throws(EngineError) -> [TaskLogLine] { throw error }
  func steps(of key: TaskKey, generation: Int) async throws(EngineError) -> [StepResult] { throw error }
  func save(_ step: StepResult, for key: TaskKey, token: Int64) async throws(EngineError) -> Bool { throw error }

  func acquire(_ requests: [PermitRequest]) async throws(EngineError) -> [PermitAnswer] { throw error }
  func release(_ holders: [PermitHolder]) async throws(EngineError) { throw error }
  func revoke(_ revocations: [Revocation], for duration: Duration) async throws(EngineError) { throw error }
  func revoked(
    among candidates: [Revocation], tenant: Tenant
  ) async throws(EngineError) -> Set<Revocation> { throw error }
  func lead(_ name: String, holder: String, for duration: Duration) async throws(EngineError) -> Leadership? {
    throw error
  }
  func resign(_ name: String, holder: String) async throws(EngineError) { throw error }

  func announce(_ worker: WorkerInfo, for duration: Duration) async throws(EngineError) { throw error }
  func withdraw(_ name: String) async throws(EngineError) { throw error }
  func workers() async throws(EngineError) -> [WorkerInfo] { throw error }
  func order(_ order: WorkerOrder, worker name: String) async throws(EngineError) -> Bool { throw error }
  func nextOrders(
    worker: String, incarnation: String, after number: Int64, wait: Duration
  ) async throws(EngineError) -> [NumberedOrder] { throw error }

  func documents(_ keys: [DocumentKey]) async throws(EngineError) -> [Document?] { throw error }
  func write(_ writes: [DocumentWrite]) async throws(EngineError) -> DocumentWriteResult { throw error }
  func documents(
    in collection: String, of tenant: Tenant, prefix: String, after name: String?, limit: Int
  ) async throws(EngineError) -> [Document] { throw error }
  func put(_ blob: Blob, at key: DocumentKey) async throws(EngineError) { throw error }
  func blob(_ key: DocumentKey) async throws(EngineError) -> Blob? { throw error }
  func deleteBlob(_ key: DocumentKey) async throws(EngineError) -> Bool { throw error }
  func cached(_ key: CacheKey, counting: Bool) async throws(EngineError) -> Blob? { throw error }
  func cache(
    _ blob: Blob, at key: CacheKey, for lifetime: Duration, bound: Int
  ) async throws(EngineError) { throw error }
  func uncache(_ key: CacheKey) async throws(EngineError) -> Bool { throw error }
  func cacheFigures(of cache: String) async throws(EngineError) -> CacheFigures { throw error }
  func caches() async throws(EngineError) -> [String: CacheFigures] { throw error }
  func counters() async throws(EngineError) -> StoreCounters { throw error }
}
