import CelerityCore
import CelerityTasks

/// `messages.analyze`: stores the content of a message that the API has taken, analyses it and raises its alerts.
///
/// All it writes is keyed by the task or the message, so that a second run after a lost lease writes the same again, and a
/// run after the end writes nothing. A task that belongs to no message is refused: whoever may submit tasks by name can't
/// write into other people's messages.
struct AnalyzeMessage: TaskDefinition {
  static let name = "messages.analyze"
  static let summary = "Stores a message's content, analyses it and raises its alerts."
  static let options = TaskOptions(
    queue: MessagesService.queue, retry: .exponential(max: 3), timeLimit: .seconds(120), softTimeLimit: .seconds(110))

  struct Input: TaskInput {
    var messageID: String
    /// The content.
    var message: String

    enum CodingKeys: String, CodingKey {
      case messageID = "message_id"
      case message
    }

    static let arguments = [
      Argument(CodingKeys.messageID, "The id that POST /messages answered."),
      Argument(CodingKeys.message, "The text of the message."),
    ]
  }

  struct Output: Codable, Sendable, Hashable {
    var messageID: String
    /// Kinds of the alerts that were raised.
    var alerts: [AlertKind]
    var analysis: MessageAnalysis

    enum CodingKeys: String, CodingKey {
      case messageID = "message_id"
      case alerts, analysis
    }
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> Output {
    let shelf = Shelf(documents: context.resources.documents, tenant: context.tenant)
    guard let row = try await shelf.read(MessageRow.self, .row, input.messageID)?.value, row.taskID == context.id.text
    else { throw Reject("no message '\(input.messageID.prefix(64))' waits for this task") }
    return try await MessageRun(row: row, text: input.message, shelf: shelf, context: context).perform()
  }
}
