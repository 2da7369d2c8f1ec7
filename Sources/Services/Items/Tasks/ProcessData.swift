import CelerityCore
import CelerityJSON
public import CelerityTasks

/// `items.process`: the heavy work. Each iteration waits for `items.iteration_step`, makes one text out of the data, and
/// says how far it is.
public struct ProcessData: TaskDefinition {
  public static let name = "items.process"
  public static let summary = "Works on a text in iterations, with progress after each."
  public static let options = TaskOptions(
    queue: "items",
    retry: RetryPolicy(
      maxRetries: maxRetries,
      backoff: .exponential(base: .seconds(60), factor: 2, cap: JobRetry.longestDelay),
      fatal: ["ValueError", "SoftTimeLimitExceeded", "TimeLimitExceeded"]),
    timeLimit: .seconds(300), softTimeLimit: .seconds(270))

  static let maxRetries = 3

  /// What to work on.
  public struct Input: TaskInput {
    public var data: String
    public var iterations: Int

    /// Work on a text.
    public init(data: String, iterations: Int) {
      self.data = data
      self.iterations = iterations
    }

    static let longestData = 10_000
    static let iterationCounts = 1...1000
    static let defaultIterations = 10
    /// Bytes of all texts that are made.
    static let longestResult = 1 << 20

    public static let arguments = [
      Argument(CodingKeys.data, "The text, of 1 to 10,000 characters."),
      Argument(
        CodingKeys.iterations, "How often.", default: defaultIterations, minimum: Double(iterationCounts.lowerBound),
        maximum: Double(iterationCounts.upperBound)),
    ]

    public func validate() throws {
      if let refusal { throw refusal }
    }

    /// What types and bounds of numbers don't say.
    var refusal: JobRefusal? {
      guard (1...Self.longestData).contains(data.unicodeScalars.count) else {
        return JobRefusal(pointer: "/data", detail: "must be a text of 1 to \(Self.longestData) characters")
      }
      guard data.uppercased().utf8.count * max(1, iterations) <= Self.longestResult else {
        return JobRefusal(
          pointer: "/data", detail: "must have at most \(Self.longestResult) bytes times iterations")
      }
      return nil
    }
  }

  /// What came of it.
  public struct Output: Codable, Sendable {
    public var taskID: String
    public var inputData: String
    public var iterations: Int
    public var startedAt: String
    public var completedAt: String
    public var status: String
    public var processedItems: [String]
    public var totalProcessed: Int

    private enum CodingKeys: String, CodingKey {
      case taskID = "task_id"
      case inputData = "input_data"
      case iterations
      case startedAt = "started_at"
      case completedAt = "completed_at"
      case status
      case processedItems = "processed_items"
      case totalProcessed = "total_processed"
    }
  }

  public func run(_ input: Input, _ context: TaskContext) async throws -> Output {
    try await JobRetry.run(context, maxRetries: Self.maxRetries) {
      let started = context.resources.time.now
      let items = try await Self.iterate(input, context)
      let completed = context.resources.time.now
      let output = Output(
        taskID: context.id.text, inputData: input.data, iterations: input.iterations, startedAt: started.rfc3339,
        completedAt: completed.rfc3339, status: "completed", processedItems: items, totalProcessed: items.count)
      // Before the result: a task that has ended is always in the archive.
      try await ResultArchive(documents: context.resources.documents, tenant: context.tenant).keep(
        ArchivedResult(
          taskID: context.id.text, status: TaskState.success.rawValue, result: try RawJSONEncoder().encode(output),
          completed: completed))
      return output
    }
  }

  private static func iterate(_ input: Input, _ context: TaskContext) async throws -> [String] {
    let time = context.resources.time
    let step = context.resources.settings[ItemsService.iterationStep]
    let text = input.data.uppercased()
    var items: [String] = []
    // From one beginning, so that late wakings don't add up.
    let start = time.uptime
    for number in 1...input.iterations {
      try context.checkStop()
      if step > .zero { try await time.sleep(until: start + step * number) }
      items.append("\(text)_ITERATION_\(number)")
      context.progress(number, of: input.iterations, "\(number) of \(input.iterations) done")
    }
    return items
  }
}

/// Input that a job can't work on.
struct JobRefusal: InputRefusal, TaskFailureConvertible {
  var pointer: String
  var detail: String

  var taskFailure: TaskFailure {
    TaskFailure(type: "ValueError", module: "builtins", message: "\(pointer.dropFirst()) \(detail)")
  }
}
