import CelerityCore
import CelerityTasks

/// `messages.forget`: forgets messages, log entries and alerts that are older than `messages.retention`, oldest last, and
/// nothing while that is 0. Counts of users stay.
///
/// Whatever belongs to one entry goes in one transaction, so that it may be interrupted anywhere and done again. A message
/// whose task still waits goes too; its task then finds no message and fails.
struct ForgetMessages: TaskDefinition {
  static let name = "messages.forget"
  static let summary = "Forgets messages, log entries and alerts that are older than messages.retention."
  static let options = TaskOptions(queue: MessagesService.queue, retry: .exponential(max: 3))

  struct Output: Codable, Sendable, Hashable {
    var messages = 0
    var logs = 0
    var alerts = 0
  }

  func run(_ input: NoInput, _ context: TaskContext) async throws -> Output {
    let retention = context.resources.settings[MessageSettings.retention]
    guard retention > .zero else { return Output() }
    let shelf = Shelf(documents: context.resources.documents, tenant: context.tenant)
    let sweep = Sweep(shelf: shelf, cutoff: context.resources.time.now + (.zero - retention), context: context)
    var output = Output()
    output.messages = try await sweep.forget(MessagePlace.self, .index) { place in
      guard let row = try await shelf.read(MessageRow.self, .row, place.messageID)?.value else { return [] }
      return row.places.map { shelf.key(.index, $0) } + [
        shelf.key(.row, row.messageID), shelf.key(.content, row.messageID), shelf.key(.status, row.taskID),
        shelf.key(.counted, row.taskID),
      ]
    }
    output.logs = try await sweep.forget(LogEntry.self, .log) { $0.names.map { shelf.key(.log, $0) } }
    output.alerts = try await sweep.forget(AlertEntry.self, .alert) { entry in
      (entry.names + [entry.mark]).map { shelf.key(.alert, $0) }
    }
    return output
  }
}

/// Walks what is old in a collection.
private struct Sweep {
  let shelf: Shelf
  let cutoff: Timestamp
  let context: TaskContext

  private static let portion = 50

  /// Forgets what a collection lists as older, and with each entry what belongs to it; how many entries that were.
  func forget<Entry: Decodable & Sendable>(
    _ type: Entry.Type, _ collection: Shelf.Collection, _ belongings: (Entry) async throws -> [DocumentKey]
  ) async throws -> Int {
    // Names sort the newest first, so what is older stands behind this one; `~` is behind all that may follow a time.
    var cursor = NamePart.newestFirst(cutoff) + "~"
    var count = 0
    while true {
      try context.checkStop()
      let found = try await shelf.documents.documents(
        in: collection.rawValue, of: shelf.tenant, prefix: "all/", after: "all/" + cursor, limit: Self.portion)
      guard let last = found.last else { return count }
      var keys: [DocumentKey] = []
      for document in found { keys += [document.key] + (try await belongings(try shelf.decode(type, document))) }
      _ = try await shelf.documents.write(keys.map { DocumentWrite($0, nil) })
      count += found.count
      cursor = String(last.key.name.dropFirst("all/".count))
      context.progress(count, of: count, collection.rawValue)
    }
  }
}
