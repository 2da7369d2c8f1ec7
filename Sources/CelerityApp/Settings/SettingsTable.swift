import CelerityRoutes

/// Every setting there is. The reference page, `config show` and the reader are made from this table alone.
public enum Settings {
  public static let host = Setting(
    "host", .text, default: "127.0.0.1", "Address the gateway listens on; only loopback addresses until keys exist.")
  public static let port = Setting(
    "port", .integer(0...65_535), default: "8000", "Port the gateway listens on; 0 takes a free one.")
  public static let healthPort = Setting(
    "health.port", .integer(0...65_535), default: "0",
    "Port on which a worker or scheduler of its own answers probes and /metrics; 0 means none.")
  public static let data = Setting("data", .text, default: "./var", "Directory for everything that is written.")
  public static let engine = Setting(
    "engine", .optionalText, default: "", otherEnvironmentNames: ["CELERY_BROKER_URL"],
    "Where tasks are kept: sqlite:PATH, redis://, rediss://, redis+socket:// or sentinel://; nothing means the Redis of "
      + "REDIS_HOST (with REDIS_PORT, REDIS_DB, REDIS_USERNAME, REDIS_PASSWORD, REDIS_SSL), else celerity.db in the data "
      + "directory.")
  public static let results = Setting(
    "results", .optionalText, default: "", otherEnvironmentNames: ["CELERY_RESULT_BACKEND"],
    "Where results are kept: so far with the tasks, which is what nothing means.")
  public static let services = Setting(
    "service", .list, default: "", "Services to run, by name; nothing means all of them.")
  public static let tenant = Setting("tenant", .text, default: "default", "Tenant of requests that name none.")
  public static let environment = Setting(
    "environment", .optionalText, default: "", otherEnvironmentNames: ["ENVIRONMENT"],
    "Name of the deployment, such as production or staging; it stands in each line of the log.")
  public static let logLevel = Setting(
    "log.level", .logLevel, default: "info", otherEnvironmentNames: ["LOG_LEVEL"],
    "Least severe log lines that are written.")
  public static let logFormat = Setting(
    "log.format", .choice(["auto", "json", "text"]), default: "auto",
    "Form of log lines: json, text, or text on a terminal and json elsewhere.")

  public static let logAccess = Setting(
    "log.access", .flag, default: "true",
    "Whether each request has a line in the log; probes of health have none.")

  public static let cacheEnabled = Setting(
    "cache.enabled", .flag, default: "true", otherEnvironmentNames: ["CACHE_ENABLED"],
    "Whether services keep what can be made again, such as documents; without it they make it each time.")
  public static let durability = Setting(
    "sqlite.durability", .choice(["durable", "relaxed"]), default: "durable",
    "What an accepted task survives: durable adds a power cut to the death of any process.")
  public static let redisConnections = Setting(
    "redis.connections", .integer(1...256), default: "2",
    "Connections to Redis that share ordinary commands; those that wait have connections of their own.")
  public static let redisMaximumConnections = Setting(
    "redis.max_connections", .integer(1...100_000), default: "256", otherEnvironmentNames: ["REDIS_MAX_CONNECTIONS"],
    "Bound for redis.connections, for deployments that have one.")
  public static let redisKeyPrefix = Setting(
    "redis.key_prefix", .optionalText, default: "",
    "What stands before every key and channel; the same as global_keyprefix in Celery's transport options.")
  public static let redisResultExpires = Setting(
    "redis.result_expires", .duration, default: "1d",
    "How long results stay where Celery's clients read them, as its result_expires; 0 keeps them for ever.")
  public static let redisVisibilityTimeout = Setting(
    "redis.visibility_timeout", .duration, default: "0s",
    "After how long schedulers put back what Python workers hold: Celery's visibility_timeout; 0 leaves it to them.")
  public static let crashBudget = Setting(
    "task.crash_budget", .integer(1...1000), default: "2",
    "Deaths of its process after which a task is poison and is not tried again.")
  public static let ageing = Setting(
    "task.priority_step", .duration, default: "60s",
    "Waiting time that one step of priority is worth, so that urgent work goes first and nothing starves.")
  public static let keepSuccess = Setting(
    "retention.success", .duration, default: "7d", "How long succeeded tasks are kept.")
  public static let keepFailure = Setting(
    "retention.failure", .duration, default: "7d", "How long failed and revoked tasks are kept.")
  public static let keepTombstone = Setting(
    "retention.tombstone", .duration, default: "7d", "How long a forgotten id answers 410 and not 404.")

  public static let workerName = Setting(
    "worker.name", .text, default: "celery@%h",
    "Unique name of the worker; %h is the host's name, %n its part before the first dot, %d the rest, %% a percent sign."
  )
  public static let queues = Setting(
    "worker.queues", .list, default: "",
    "Queues to work on; nothing means those of all known tasks, `default` and `celery`.")
  public static let excludedQueues = Setting(
    "worker.exclude_queues", .list, default: "", "Queues not to work on, of those that are worked on else.")
  public static let events = Setting(
    "worker.events", .flag, default: "true",
    "Whether a worker on Redis tells Celery's monitors what becomes of its tasks, as Celery's does with -E.")
  public static let concurrency = Setting(
    "worker.concurrency", .integer(0...1024), default: "0", otherEnvironmentNames: ["CELERY_CONCURRENCY"],
    "Tasks that run at once; 0 means one per core.")
  public static let lease = Setting(
    "worker.lease", .duration, default: "30s", "How long a running task may go without a heartbeat.")
  public static let claimAhead = Setting(
    "worker.claim_ahead", .duration, default: "20ms",
    "How long tasks may wait that a worker claims before a slot is free, while its latest ones were short; 0 means none."
  )
  public static let grace = Setting(
    "worker.grace", .duration, default: "30s", "How long running tasks may go on after a signal to stop.")

  public static let maximumBody = Setting(
    "gateway.maximum_body_bytes", .integer(1024...(1 << 30)), default: "1048576", "Largest request body.")
  public static let maximumBulkBody = Setting(
    "gateway.maximum_bulk_body_bytes", .integer(1024...(1 << 30)), default: "16777216",
    "Largest body of a bulk submission.")
  public static let maximumStreams = Setting(
    "gateway.maximum_streams", .integer(0...100_000), default: "2000", "Streams of events that may be open at once.")
  public static let externalTasks = Setting(
    "gateway.external_tasks", .list, default: "",
    "Names of tasks that are accepted although no worker here announces them.")

  public static let allowedHosts = Setting(
    "gateway.allowed_hosts", .list, default: "",
    "Names besides 127.0.0.1, ::1 and localhost that requests may ask for (Host), such as the one that a proxy passes on."
  )

  public static let serverID = Setting(
    "gateway.server_id", .text, default: "%h:%p", otherEnvironmentNames: ["SERVER_ID"],
    "Name of this server in its answers; %h is the host's name, %p the number of the process.")

  /// The platform's and those of the program's services.
  static var all: [any AnySetting] {
    platform + ofTelemetry + InstalledServices.current.flatMap(\.settings).map { Setting($0) }
  }

  private static let platform: [any AnySetting] = [
    host, port, healthPort, data, engine, results, services, tenant, environment, logLevel, logFormat, logAccess,
    cacheEnabled, durability, redisConnections, redisMaximumConnections, redisKeyPrefix, redisResultExpires,
    redisVisibilityTimeout, crashBudget, ageing, keepSuccess, keepFailure, keepTombstone, workerName, queues,
    excludedQueues, events,
    concurrency, lease, claimAhead, grace, maximumBody, maximumBulkBody, maximumStreams, externalTasks, allowedHosts,
    serverID,
  ]
}
