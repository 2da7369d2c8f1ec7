import CelerityCore
public import CelerityTasks

/// `recommendations.health_check`: one health request, which the scheduler submits every ten seconds. Whatever comes of it is
/// written down, and nothing of it is a failure of the task.
public struct CheckHealth: TaskDefinition {
  public static let name = "recommendations.health_check"
  public static let summary = "Asks whether the service is healthy and writes down the answer."
  // First of what waits, because it is about now. What came of it is in the log, not in 8,640 records a day.
  public static let options = TaskOptions(
    queue: "recommendations", priority: Priority(9), timeLimit: .seconds(30), ignoresResult: true,
    successRetention: .seconds(10))

  /// The schedule's name.
  static let scheduleName = "recommendations.health"
  static let patience = Duration.seconds(5)

  /// What came of it.
  public struct Output: Codable, Sendable {
    /// `ok`, `failed`, `late`, or `nobody` when there is nobody to ask.
    public var status: String
    /// Why, or what to do.
    public var note: String?
  }

  public func run(_ input: NoInput, _ context: TaskContext) async throws -> Output {
    let url: String
    switch HealthTarget(context.resources.settings) {
    case .url(let target): url = target
    case .nobody(let reason):
      context.log("no health request: \(reason)", level: "warning")
      return Output(status: "nobody", note: reason)
    }
    if let slot = Self.slot(context.id), context.resources.time.now - slot >= RecommendationsService.healthInterval {
      // What a worker that was away finds waiting: the next one says how it is now.
      return Output(status: "late", note: nil)
    }
    let entry = await Self.ask(url, context.resources)
    Self.record(entry, context)
    do {
      try await HealthLog(documents: context.resources.documents, tenant: context.tenant).add(entry, of: context.id)
    } catch {
      context.log("the health log can't be written: \(error)", level: "warning")
    }
    return Output(status: entry.isHealthy ? "ok" : "failed", note: entry.error)
  }

  private static func ask(_ url: String, _ resources: ServiceResources) async -> HealthEntry {
    let (time, begun) = (resources.time.now, resources.time.uptime)
    func entry(_ status: Int?, _ error: String?) -> HealthEntry {
      HealthEntry(
        time: time, isHealthy: error == nil, status: status, seconds: (resources.time.uptime - begun).inSeconds,
        error: error)
    }
    do {
      let answer = try await resources.web.send(
        WebRequest("GET", url, headers: [("Accept", "application/json")], timeout: patience, answerLimit: 1 << 16))
      return entry(answer.status, (200...299).contains(answer.status) ? nil : "it answers HTTP \(answer.status)")
    } catch {
      return entry(nil, "\(error.code.rawValue): \(error.message)")
    }
  }

  private static func record(_ entry: HealthEntry, _ context: TaskContext) {
    var fields: [String: TelemetryPoint.Value] = [
      "status": .text(entry.isHealthy ? "ok" : "failed"), "seconds": .number(entry.seconds),
    ]
    if let status = entry.status { fields["status_code"] = .integer(Int64(status)) }
    let message = entry.error.map { "Health check failed: \($0)" } ?? "Health check"
    InteractionLog.record(.healthCheck, message, fields, context)
    context.log(message, level: entry.isHealthy ? "info" : "warning")
  }

  /// The moment the scheduler submitted it for, which stands in its id.
  private static func slot(_ id: TaskID) -> Timestamp? {
    let prefix = "schedule:\(scheduleName):"
    guard id.text.hasPrefix(prefix) else { return nil }
    return Int64(id.text.dropFirst(prefix.count)).map(Timestamp.init(seconds:))
  }
}
