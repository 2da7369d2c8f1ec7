import CelerityCron
public import CelerityRoutes
public import CelerityTasks

/// The messages service: takes messages over HTTP, answers at once, and has workers store, analyse and watch them.
public struct MessagesService: ServiceDefinition {
  public static let name = "messages"
  /// Where its tasks wait.
  public static let queue = "messages"

  /// The service.
  public init() {}

  public var tasks: [any TaskDefinition] { [AnalyzeMessage(), ForgetMessages()] }

  public var routes: [Route] { MessagesRoutes().all }

  public var schedules: [ScheduleEntry] {
    [ScheduleEntry(ForgetMessages.name, .interval(seconds: 3600), task: ForgetMessages.name, queue: Self.queue)]
  }

  public var settings: [any AnyServiceSetting] { MessageSettings.all }
}
