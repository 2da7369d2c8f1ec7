import Logging
import Synchronization

/// Remembers what was logged.
final class LogLines: Sendable {
  private let state = Mutex<[String]>([])

  /// The lines so far: level, message, metadata in the order of the keys.
  var lines: [String] { state.withLock { $0 } }

  var logger: Logger {
    var logger = Logger(label: "test") { _ in Handler(lines: self) }
    logger.logLevel = .trace
    return logger
  }

  /// How many lines hold a text.
  func count(of text: String) -> Int { lines.count { $0.contains(text) } }

  private struct Handler: LogHandler {
    let lines: LogLines
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let pairs = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
      let line = "\(event.level) \(event.message)" + pairs.map { " \($0.key)=\($0.value)" }.joined()
      lines.state.withLock { $0.append(line) }
    }
  }
}
