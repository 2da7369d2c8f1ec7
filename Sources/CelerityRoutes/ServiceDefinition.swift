public import CelerityCore
public import CelerityCron
public import CelerityJSON
public import CelerityTasks

/// A bundle that the platform can run: tasks, routes, schedules. A service depends on nothing but this module and
/// `CelerityTasks`; it never sees the HTTP library or an engine.
public protocol ServiceDefinition: Sendable {
  /// The prefix its routes are mounted under, `finance`.
  static var name: String { get }
  var tasks: [any TaskDefinition] { get }
  var routes: [Route] { get }
  var schedules: [ScheduleEntry] { get }
  var settings: [any AnyServiceSetting] { get }
}

extension ServiceDefinition {
  public var routes: [Route] { [] }
  public var schedules: [ScheduleEntry] { [] }
  public var settings: [any AnyServiceSetting] { [] }
}

/// What handlers work with: the platform as a service sees it.
public struct ServiceEnvironment: Sendable {
  public var tasks: TaskClient
  /// What tasks are lent too: stores, alerts, ways outside, settings.
  public var resources: ServiceResources
  /// The worker slots that can run a queue's tasks now, for estimates of waiting times.
  public var presence: any WorkerPresence
  public var progress: any ProgressStore
  public var changes: any ChangeFeed
  public var statistics: any StoreStatistics
  public var orders: any WorkerOrders
  public var server: ServerIdentity

  /// An environment over the parts of a store.
  public init(
    tasks: TaskClient, resources: ServiceResources, presence: any WorkerPresence, progress: any ProgressStore,
    changes: any ChangeFeed, statistics: any StoreStatistics, orders: any WorkerOrders,
    server: ServerIdentity = ServerIdentity()
  ) {
    self.tasks = tasks
    self.resources = resources
    self.presence = presence
    self.progress = progress
    self.changes = changes
    self.statistics = statistics
    self.orders = orders
    self.server = server
  }

  public var time: any TimeSource { resources.time }
}

/// Which of several servers this is.
public struct ServerIdentity: Sendable, Hashable {
  /// Differs between servers that share a store.
  public var id: String
  /// The program's version.
  public var version: String

  /// A server.
  public init(id: String = "localhost", version: String = "0") {
    self.id = id
    self.version = version
  }
}

/// Work that is submitted again and again by the scheduler.
public struct ScheduleEntry: Sendable, Hashable {
  /// Unique name of 1 to 200 characters of `A-Z a-z 0-9 . _ - :`; with the slot's time it makes the id of each firing, so
  /// that no slot fires twice.
  public var name: String
  public var schedule: Schedule
  public var task: String
  public var args: RawJSON
  public var kwargs: RawJSON
  public var queue: String
  public var priority: Priority?

  /// An entry for a task by name.
  public init(
    _ name: String, _ schedule: Schedule, task: String, args: RawJSON = .emptyArray, kwargs: RawJSON = .emptyObject,
    queue: String = "default", priority: Priority? = nil
  ) {
    self.name = name
    self.schedule = schedule
    self.task = task
    self.args = args
    self.kwargs = kwargs
    self.queue = queue
    self.priority = priority
  }

  /// An entry for a task with its typed input.
  public init<T: TaskDefinition>(_ name: String, _ schedule: Schedule, _ task: T.Type, _ input: T.Input) throws {
    self.init(
      name, schedule, task: T.name, kwargs: try RawJSONEncoder().encode(input), queue: T.options.queue,
      priority: T.options.priority)
  }
}
