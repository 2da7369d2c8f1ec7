import CelerityCron
public import CelerityRoutes
public import CelerityTasks

/// The items service: items that are created, listed, changed and deleted at once, and heavy work that goes on in the
/// background while its progress can be read.
public struct ItemsService: ServiceDefinition {
  public static let name = "items"
  /// Where its tasks wait.
  public static let queue = "items"

  /// The wait that each iteration of the heavy task is.
  public static let iterationStep = ServiceSetting(
    "items.iteration_step", default: Duration.milliseconds(250), otherEnvironmentNames: ["ITERATION_STEP"],
    "How long one iteration of /api/async/process takes; with the default 1000 of them fit the soft time limit.")

  /// How long an ended task is answered from the result store.
  public static let resultLifetime = ServiceSetting(
    "items.result_lifetime", default: Duration.seconds(3600), otherEnvironmentNames: ["RESULT_EXPIRES"],
    "After this long the status of an ended task comes from the archive, and says so.")

  /// How long the archive keeps results.
  public static let archiveLifetime = ServiceSetting(
    "items.archive_lifetime", default: Duration.seconds(7 * 86_400),
    "The daily clean-up deletes archived results that are older.")

  /// The delay before the first retry.
  public static let retryBase = ServiceSetting(
    "items.retry_base", default: Duration.seconds(60),
    "Delay before the first retry of the heavy task; it doubles with each, up to ten minutes.")

  /// When running work is told to stop.
  public static let softTimeLimit = ServiceSetting(
    "items.soft_time_limit", default: Duration.seconds(270), otherEnvironmentNames: ["TASK_SOFT_TIME_LIMIT"],
    "After this long a submitted heavy task is told to stop, and fails.")

  /// When running work is ended.
  public static let timeLimit = ServiceSetting(
    "items.time_limit", default: Duration.seconds(300), otherEnvironmentNames: ["TASK_TIME_LIMIT"],
    "After this long a submitted heavy task is ended.")

  /// When the clean-up runs: at two at night, UTC.
  static let cleanupTime = "0 2 * * *"

  private let api = ItemsRoutes()

  /// The service.
  public init() {}

  public var tasks: [any TaskDefinition] { [ProcessData(), ProcessBatch(), CleanUpArchive()] }

  public var routes: [Route] { api.all }

  public var schedules: [ScheduleEntry] {
    // The text is a constant, and a test reads the entry.
    guard let schedule = try? Schedule(Self.cleanupTime) else { return [] }
    return [ScheduleEntry("items.cleanup", schedule, task: CleanUpArchive.name, queue: Self.queue)]
  }

  public var settings: [any AnyServiceSetting] {
    [
      Self.iterationStep, Self.resultLifetime, Self.archiveLifetime, Self.retryBase, Self.softTimeLimit, Self.timeLimit,
    ]
  }
}
