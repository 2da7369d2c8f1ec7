import CelerityCron
public import CelerityRoutes
public import CelerityTasks

/// The recommendations service: songs for a song, found in the background by a catalogue of its own or by a chat model; and
/// a health request every ten seconds, with a log.
public struct RecommendationsService: ServiceDefinition {
  public static let name = "recommendations"
  /// Where its tasks wait.
  public static let queue = "recommendations"

  /// What the health requests ask. `{gateway}` stands for the address of the platform's own gateway, where the platform
  /// knows it.
  public static let targetURL = ServiceSetting(
    "recommendations.target_url", default: "{gateway}/recommendations/health", otherEnvironmentNames: ["TARGET_URL"],
    "What is asked every 10 s whether it is healthy; {gateway} is the platform's own gateway, nothing means nobody asks."
  )

  /// Where the chat model is asked.
  public static let providerURL = ServiceSetting(
    "recommendations.provider_url", default: "",
    "An OpenAI-compatible API that recommends, https://host/v1; nothing means the service's own catalogue does.")

  /// Which model is asked.
  public static let providerModel = ServiceSetting(
    "recommendations.provider_model", default: "gpt-4o-mini", otherEnvironmentNames: ["OPENAI_MODEL"],
    "The model that recommendations.provider_url is asked for.")

  /// What the API's owner lets us in for.
  public static let providerKey = ServiceSetting(
    "recommendations.provider_key", default: "", isSecret: true, otherEnvironmentNames: ["OPENAI_API_KEY"],
    "The key for recommendations.provider_url.")

  /// How long one answer of the API may take.
  public static let providerTimeout = ServiceSetting(
    "recommendations.provider_timeout", default: Duration.seconds(30),
    "How long recommendations.provider_url may take to answer.")

  /// The delay before the first retry.
  public static let retryBase = ServiceSetting(
    "recommendations.retry_base", default: Duration.seconds(1),
    "Delay before the first retry of a recommendation that the provider could not give; it doubles with each.")

  /// How often health is asked for.
  static let healthInterval = Duration.seconds(10)

  private let api = RecommendationsRoutes()

  /// The service.
  public init() {}

  public var tasks: [any TaskDefinition] { [RecommendSongs(), CheckHealth()] }

  public var routes: [Route] { api.all }

  public var schedules: [ScheduleEntry] {
    [
      ScheduleEntry(
        CheckHealth.scheduleName, .interval(seconds: Self.healthInterval.components.seconds), task: CheckHealth.name,
        queue: CheckHealth.options.queue, priority: CheckHealth.options.priority)
    ]
  }

  public var settings: [any AnyServiceSetting] {
    [
      Self.targetURL, Self.providerURL, Self.providerModel, Self.providerKey, Self.providerTimeout, Self.retryBase,
    ]
  }
}
