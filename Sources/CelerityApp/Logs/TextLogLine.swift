import CelerityCore
import Logging

/// A log line for people: the time, what happened to what, and how long it took. Ids that join lines with each other are
/// for programs, which have them in JSON; here they stand with warnings and errors alone.
struct TextLogLine {
  private let text: String

  init(_ event: LogEvent, _ metadata: Logger.Metadata, time: Timestamp) {
    var rest = metadata
    var parts = [String(time.rfc3339.dropFirst(11).prefix(12))]
    if event.level != .info { parts.append(event.level.rawValue.uppercased()) }
    func take(_ key: String) -> String? { rest.removeValue(forKey: key).map { "\($0)" } }
    let duration = take("ms")
    if let method = take("method"), let path = take("path") {
      let isUsual = event.message.description == "request"
      parts += [method, path] + [take("status")].compactMap { $0 }
      if !isUsual { parts.append("(\(event.message))") }
    } else {
      parts.append(event.message.description)
      parts += [take("task"), take("task_id")].compactMap { $0 }
    }
    if let duration { parts.append("\(duration) ms") }
    if rest["attempt"].map({ "\($0)" }) == "1" { rest["attempt"] = nil }
    if event.level < .warning { for key in Self.forPrograms { rest[key] = nil } }
    parts += rest.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
    text = parts.joined(separator: " ")
  }

  private static let forPrograms = ["bytes", "environment", "operation", "peer", "request_id", "trace_id"]

  /// Control characters in a message can't start a new line or move a terminal's cursor.
  var bytes: [UInt8] { text.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 } }
}
