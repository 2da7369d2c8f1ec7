import CelerityCore
import CelerityJSON

/// What is known of a message before any worker has seen it: its metadata.
struct MessageRow: Codable, Sendable, Hashable {
  var messageID: String
  var taskID: String
  var userID: String?
  /// What the client said about the message.
  var metadata: RawJSON?
  /// RFC 3339.
  var receivedAt: String
  var size: Size
  var sourceAddress: String?
  var requestID: String

  struct Size: Codable, Sendable, Hashable {
    var characters: Int
    var bytes: Int
  }

  /// The names under which the lists have it, the newest first each.
  var places: [String] {
    let newest = "\(NamePart.newestFirst(received))-\(messageID)"
    return ["all/\(newest)"] + (userID.map { ["user/\(NamePart.user($0))/\(newest)"] } ?? [])
  }

  /// When it was received; the epoch should the text be no time.
  var received: Timestamp { Timestamp(receivedAt) ?? Timestamp(seconds: 0) }

  enum CodingKeys: String, CodingKey {
    case messageID = "message_id"
    case taskID = "task_id"
    case userID = "user_id"
    case metadata
    case receivedAt = "received_at"
    case size
    case sourceAddress = "source_address"
    case requestID = "request_id"
  }
}

/// A place in a list of messages.
struct MessagePlace: Codable, Sendable, Hashable {
  var messageID: String

  enum CodingKeys: String, CodingKey {
    case messageID = "message_id"
  }
}

/// What the worker has made of a message.
struct MessageContent: Codable, Sendable, Hashable {
  var content: String
  var storedAt: String
  var analysis: MessageAnalysis?
  /// When the analysis was done.
  var analysedAt: String?

  enum CodingKeys: String, CodingKey {
    case content
    case storedAt = "stored_at"
    case analysis
    case analysedAt = "analysed_at"
  }
}
