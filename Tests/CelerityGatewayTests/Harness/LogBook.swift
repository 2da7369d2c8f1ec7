import Logging
import Synchronization

/// Keeps log lines about requests: a line is written after the client has its answer.
final class LogBook: Sendable {
  private let entries = Mutex<[[String: String]]>([])
  private let bell = AsyncStream.makeStream(of: Void.self)

  var requests: [[String: String]] { entries.withLock { $0 } }

  func lines(_ count: Int) async -> [[String: String]] {
    while requests.count < count { for await _ in bell.stream { break } }
    return requests
  }

  var logger: Logger { Logger(label: "test") { _ in Handler(book: self) } }

  private struct Handler: LogHandler {
    let book: LogBook
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      guard event.message.description.hasPrefix("request") else { return }
      book.entries.withLock { $0.append((event.metadata ?? [:]).mapValues { "\($0)" }) }
      book.bell.continuation.yield()
    }
  }
}
