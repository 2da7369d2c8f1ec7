import CelerityCore
public import CelerityJSON
public import CelerityTasks

/// `items.process_batch`: works on many texts and says of each what came of it. One that can't be worked on is no failure
/// of the others.
public struct ProcessBatch: TaskDefinition {
  public static let name = "items.process_batch"
  public static let summary = "Works on a list of texts and counts successes and failures."
  public static let options = ProcessData.options

  /// What to work on.
  public struct Input: TaskInput {
    /// Texts; what is no text fails by itself.
    public var items: [RawJSON]

    /// Work on a list.
    public init(items: [RawJSON]) { self.items = items }

    static let mostItems = 1000

    public static let arguments = [
      Argument(CodingKeys.items, "Texts, 1,000 at most.", example: .array([.string("one"), .string("two")]))
    ]

    public func validate() throws {
      if items.count > Self.mostItems {
        throw JobRefusal(pointer: "/items", detail: "must have at most \(Self.mostItems) elements")
      }
    }
  }

  /// What came of it.
  public struct Output: Codable, Sendable {
    public var taskID: String
    public var total: Int
    public var successful: Int
    public var failed: Int
    public var results: [ItemResult]

    private enum CodingKeys: String, CodingKey {
      case taskID = "task_id"
      case total, successful, failed, results
    }
  }

  /// What came of one item.
  public struct ItemResult: Codable, Sendable {
    public var index: Int
    /// `success` or `failed`.
    public var status: String
    public var result: String?
    public var error: String?
  }

  public func run(_ input: Input, _ context: TaskContext) async throws -> Output {
    try await JobRetry.run(context, maxRetries: ProcessData.maxRetries) {
      var results: [ItemResult] = []
      for (index, item) in input.items.enumerated() {
        try context.checkStop()
        results.append(Self.result(index, item))
        context.progress(index + 1, of: input.items.count)
      }
      let successful = results.count { $0.error == nil }
      return Output(
        taskID: context.id.text, total: results.count, successful: successful, failed: results.count - successful,
        results: results)
    }
  }

  private static func result(_ index: Int, _ item: RawJSON) -> ItemResult {
    guard let text = item.stringValue else {
      return ItemResult(index: index, status: "failed", error: "it is no text")
    }
    guard (1...ProcessData.Input.longestData).contains(text.unicodeScalars.count) else {
      return ItemResult(
        index: index, status: "failed", error: "it does not have 1 to \(ProcessData.Input.longestData) characters")
    }
    return ItemResult(index: index, status: "success", result: "\(text.uppercased())_PROCESSED")
  }
}
