import CelerityCore
import CelerityCron
public import CelerityRoutes
public import CelerityTasks

/// The documents service: resumes and cover letters as PDF, LaTeX and DOCX, at once out of the cache or made by workers.
public struct DocumentsService: ServiceDefinition {
  public static let name = "documents"

  private let renderer: any DocumentRenderer
  private let api: DocumentsRoutes

  /// The service.
  ///
  /// - Parameter yaml: how YAML is read; without it data must come as JSON.
  public init(yaml: YAMLReading? = nil) {
    self.init(renderer: StandardRenderer(), yaml: yaml, time: SystemTime())
  }

  /// The service with another renderer; `time` dates its error messages.
  init(renderer: any DocumentRenderer, yaml: YAMLReading?, time: any TimeSource) {
    self.renderer = renderer
    api = DocumentsRoutes(yaml: yaml, time: time)
  }

  public var tasks: [any TaskDefinition] {
    [GeneratePDF(renderer: renderer), GenerateLaTeX(renderer: renderer), CleanUp()]
  }

  public var routes: [Route] { api.all }

  public var schedules: [ScheduleEntry] {
    [ScheduleEntry(CleanUp.name, .interval(seconds: 3600), task: CleanUp.name, queue: CleanUp.options.queue)]
  }

  public var settings: [any AnyServiceSetting] { DocumentsSettings.all }
}
