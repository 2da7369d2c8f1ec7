import CelerityCore
import CelerityTasks

/// Everything that happens to the service as points of one measurement, `interaction`: nothing waits for it, and nothing
/// fails because of it.
enum InteractionLog {
  static let measurement = "interaction"

  /// What a point is about, its tag `kind`.
  enum Kind: String {
    case request
    case healthCheck = "health_check"
    case task
    case alert
  }

  /// A point of the HTTP API.
  static func record(
    _ kind: Kind, _ message: String, _ fields: [String: TelemetryPoint.Value], _ resources: ServiceResources
  ) {
    record(kind, message, fields, service: "web", resources)
  }

  /// A point of a task.
  static func record(
    _ kind: Kind, _ message: String, _ fields: [String: TelemetryPoint.Value], _ context: TaskContext
  ) {
    var fields = fields
    fields["task_id"] = .text(context.id.text)
    fields["attempt"] = .integer(Int64(context.attempt))
    record(kind, message, fields, service: kind == .healthCheck ? "scheduler" : "worker", context.resources)
  }

  private static func record(
    _ kind: Kind, _ message: String, _ fields: [String: TelemetryPoint.Value], service: String,
    _ resources: ServiceResources
  ) {
    var fields = fields
    fields["message"] = .text(message)
    resources.telemetry.record(
      TelemetryPoint(
        measurement, tags: ["service": service, "kind": kind.rawValue], fields: fields, time: resources.time.now))
  }
}
