/// Every metric there is: the reference page and `# HELP` are made from this table alone.
///
/// What celery-exporter has goes by its names and labels, so that dashboards made for it show something; all else begins
/// with `celerity_`, or with `process_` where Prometheus's own clients have a name for it.
public enum MetricTable {
  /// All of them, in the order of the reference page.
  public static let all: [MetricDefinition] =
    http + tasks + queues + workers + store + cache + telemetry + [build, uptime] + process

  // MARK: HTTP

  public static let httpRequests = MetricDefinition(
    "celerity_http_requests", .counter, labels: ["route", "method", "status_class"],
    "Requests that were answered, by the route's template.")
  public static let httpSeconds = MetricDefinition(
    "celerity_http_request_duration_seconds", .requestSeconds, labels: ["route", "method"],
    "From the arrival of a request's head to the end of its answer; streams of events are left out.")
  public static let httpConnections = MetricDefinition(
    "celerity_http_connections", .gauge, "Connections that are open.")
  public static let httpStreams = MetricDefinition("celerity_http_streams", .gauge, "Streams of events that are open.")

  private static let http = [httpRequests, httpSeconds, httpConnections, httpStreams]

  // MARK: Tasks

  private static let taskLabels = ["name", "hostname", "queue_name"]

  public static let tasksSent = MetricDefinition(
    "celery_task_sent", .counter, labels: taskLabels, "Tasks that were accepted, repeated submissions left out.")
  public static let tasksReceived = MetricDefinition(
    "celery_task_received", .counter, labels: taskLabels, "Tasks that a worker fetched.")
  public static let tasksStarted = MetricDefinition(
    "celery_task_started", .counter, labels: taskLabels, "Attempts whose code began to run.")
  public static let tasksSucceeded = MetricDefinition(
    "celery_task_succeeded", .counter, labels: taskLabels, "Attempts that ended with a result.")
  public static let tasksFailed = MetricDefinition(
    "celery_task_failed", .counter, labels: ["name", "hostname", "exception", "queue_name"],
    "Tasks that failed for good, by the type of their error.")
  public static let tasksRetried = MetricDefinition(
    "celery_task_retried", .counter, labels: taskLabels, "Attempts that failed and are made again.")
  public static let tasksRejected = MetricDefinition(
    "celery_task_rejected", .counter, labels: taskLabels, "Tasks that a worker could not run or refused.")
  public static let tasksRevoked = MetricDefinition(
    "celery_task_revoked", .counter, labels: taskLabels,
    "Tasks that a worker ended because they were revoked; what was revoked while it waited is not counted.")
  public static let tasksReleased = MetricDefinition(
    "celerity_task_released", .counter, labels: taskLabels, "Attempts that were handed back and burnt nothing.")
  public static let taskRuntime = MetricDefinition(
    "celery_task_runtime", .workSeconds, labels: taskLabels, "Run time of attempts, in seconds.")
  public static let taskRuntimeSeconds = MetricDefinition(
    "celery_task_runtime_seconds", .workSeconds, labels: taskLabels,
    "The same as celery_task_runtime, under the name that other exporters give it.")
  public static let taskWaitSeconds = MetricDefinition(
    "celerity_task_queue_wait_seconds", .workSeconds, labels: ["name", "queue_name"],
    "How long tasks were ready before a worker fetched them; deliberate delay does not count.")

  private static let tasks = [
    tasksSent, tasksReceived, tasksStarted, tasksSucceeded, tasksFailed, tasksRetried, tasksRejected, tasksRevoked,
    tasksReleased, taskRuntime, taskRuntimeSeconds, taskWaitSeconds,
  ]

  // MARK: Queues

  public static let queueLength = MetricDefinition(
    "celery_queue_length", .gauge, labels: ["queue_name"], "Tasks that wait in a queue and may be fetched now.")
  public static let queueDelayed = MetricDefinition(
    "celerity_queue_delayed", .gauge, labels: ["queue_name"], "Tasks that wait for their time.")
  public static let queueLeased = MetricDefinition(
    "celerity_queue_leased", .gauge, labels: ["queue_name"], "Tasks that a worker holds.")
  public static let queueOldest = MetricDefinition(
    "celerity_queue_oldest_ready_age_seconds", .gauge, labels: ["queue_name"],
    "How long the oldest task that may be fetched has waited.")
  public static let queuePaused = MetricDefinition(
    "celerity_queue_paused", .gauge, labels: ["queue_name"], "1 for a queue from which nothing is fetched.")

  private static let queues = [queueLength, queueDelayed, queueLeased, queueOldest, queuePaused]

  // MARK: Workers

  public static let workerUp = MetricDefinition(
    "celery_worker_up", .gauge, labels: ["hostname"], "1 for a worker that has announced itself lately.")
  public static let workerActive = MetricDefinition(
    "celery_worker_tasks_active", .gauge, labels: ["hostname"], "Tasks that a worker runs.")
  public static let workerConcurrency = MetricDefinition(
    "celerity_worker_concurrency", .gauge, labels: ["hostname"], "Tasks that a worker can run at once.")
  public static let workerDraining = MetricDefinition(
    "celerity_worker_draining", .gauge, labels: ["hostname"], "1 for a worker that fetches nothing more.")
  public static let workerProcessed = MetricDefinition(
    "celerity_worker_processed", .counter, labels: ["hostname"], "Attempts that a worker has ended since it started.")
  public static let queueWorkers = MetricDefinition(
    "celery_active_worker_count", .gauge, labels: ["queue_name"], "Workers that fetch from a queue.")
  public static let queueProcesses = MetricDefinition(
    "celery_active_process_count", .gauge, labels: ["queue_name"], "Slots of the workers that fetch from a queue.")
  public static let queueConsumers = MetricDefinition(
    "celery_active_consumer_count", .gauge, labels: ["queue_name"], "Workers that fetch from a queue, as consumers.")
  public static let workerUnsettled = MetricDefinition(
    "celerity_worker_unsettled", .gauge, labels: ["hostname"],
    "Ends of attempts that are not stored yet; more than a moment's worth means that the store does not take them.")

  private static let workers = [
    workerUp, workerActive, workerConcurrency, workerDraining, workerProcessed, queueWorkers, queueProcesses,
    queueConsumers, workerUnsettled,
  ]

  // MARK: Store

  public static let leasesLost = MetricDefinition(
    "celerity_leases_lost", .counter, labels: ["cause"],
    "Leases that were lost, by cause; each may lead to one repeated execution.")
  public static let staleSettlements = MetricDefinition(
    "celerity_stale_settlements", .counter, "Results that were refused because their lease was lost.")
  public static let staleReports = MetricDefinition(
    "celerity_stale_reports", .counter, "Progress and steps that were refused because their lease was lost.")
  public static let duplicates = MetricDefinition(
    "celerity_duplicate_submissions", .counter, labels: ["cause"], "Submissions that added nothing, by cause.")
  public static let storeFile = MetricDefinition(
    "celerity_store_file_bytes", .gauge, labels: ["file"],
    "Size of the store's files: the database, its log and the cache.")
  public static let unannounced = MetricDefinition(
    "celerity_store_unannounced_work", .counter,
    "Times this process found work on Redis that nothing had announced, and began to listen anew.")

  private static let store = [leasesLost, staleSettlements, staleReports, duplicates, storeFile, unannounced]

  // MARK: Telemetry

  public static let telemetryWritten = MetricDefinition(
    "celerity_telemetry_written", .counter, labels: ["writer"], "Points of telemetry that were written.")
  public static let telemetryLost = MetricDefinition(
    "celerity_telemetry_lost", .counter, labels: ["writer", "reason"],
    "Points that were never written: full (no room while the writer was away), refused, ended (with the process).")
  public static let telemetryWaiting = MetricDefinition(
    "celerity_telemetry_waiting", .gauge, labels: ["writer"], "Points that waited to be written, at the last look.")

  private static let telemetry = [telemetryWritten, telemetryLost, telemetryWaiting]

  // MARK: Caches

  public static let cacheHits = MetricDefinition(
    "celerity_cache_hits", .counter, labels: ["cache"],
    "Reads of a cache that found something, of all processes on the store.")
  public static let cacheMisses = MetricDefinition(
    "celerity_cache_misses", .counter, labels: ["cache"],
    "Reads of a cache that found nothing, of all processes on the store.")
  public static let cacheSets = MetricDefinition(
    "celerity_cache_sets", .counter, labels: ["cache"], "Entries that were kept, by all processes on the store.")
  public static let cacheEvictions = MetricDefinition(
    "celerity_cache_evictions", .counter, labels: ["cache"],
    "Entries that gave way to the cache's bound; those whose lifetime ended are not among them.")
  public static let cacheEntries = MetricDefinition(
    "celerity_cache_entries", .gauge, labels: ["cache"], "Entries that a cache holds.")
  public static let cacheBytes = MetricDefinition(
    "celerity_cache_bytes", .gauge, labels: ["cache"],
    "What the entries of a cache count for against its bound: bytes, content type, name and 128 for each.")
  public static let cacheErrors = MetricDefinition(
    "celerity_cache_errors", .counter, labels: ["cache"],
    "Calls of a cache by this process that failed, each of which was a miss for whoever asked.")
  public static let cacheEnabled = MetricDefinition(
    "celerity_cache_enabled", .gauge, "1 when this process uses caches, 0 when they are switched off.")
  public static let cacheConnected = MetricDefinition(
    "celerity_cache_connected", .gauge,
    "1 when the caches' store answers; while it does not, the other numbers stand still.")

  private static let cache = [
    cacheHits, cacheMisses, cacheSets, cacheEvictions, cacheEntries, cacheBytes, cacheErrors, cacheEnabled,
    cacheConnected,
  ]

  // MARK: Process

  public static let build = MetricDefinition(
    "celerity_build_info", .gauge, labels: ["version"], "1; the version that runs is in the label.")
  public static let uptime = MetricDefinition("celerity_uptime_seconds", .gauge, "Time since the process started.")
  public static let processCPU = MetricDefinition(
    "process_cpu_seconds", .counter, "Processor time that the process has used, in user and system mode.")
  public static let processResident = MetricDefinition(
    "process_resident_memory_bytes", .gauge, "Memory of the process that is resident.")
  public static let processVirtual = MetricDefinition(
    "process_virtual_memory_bytes", .gauge, "Address space of the process.")
  public static let processFiles = MetricDefinition("process_open_fds", .gauge, "Files and sockets that are open.")
  public static let processMaximumFiles = MetricDefinition(
    "process_max_fds", .gauge, "Files and sockets that may be open.")
  public static let processStart = MetricDefinition(
    "process_start_time_seconds", .gauge, "When the process started, in seconds since 1970.")

  private static let process = [
    processCPU, processResident, processVirtual, processFiles, processMaximumFiles, processStart,
  ]
}
