import CelerityCore
import CelerityJSON
import Logging
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes log lines to standard error, one write per line so that lines of several threads never mix: JSON for machines,
/// text for people.
struct LineLogHandler: LogHandler {
  enum Format { case json, text }

  let label: String
  let format: Format
  let time: any TimeSource
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let metadata = metadata.merging(event.metadata ?? [:]) { $1 }
    var line =
      switch format {
      case .json: json(event, metadata)
      case .text: text(event, metadata)
      }
    line.append(0x0A)
    _ = line.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
  }

  private func json(_ event: LogEvent, _ metadata: Logger.Metadata) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 256)
    writer.beginObject()
    writer.member("time", time.now.rfc3339)
    writer.member("level", event.level.rawValue)
    writer.member("logger", label)
    writer.member("message", event.message.description)
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where !Self.fixedKeys.contains(key) {
      write(value, under: key, to: &writer)
    }
    writer.endObject()
    return writer.finish().bytes
  }

  /// Numbers stay numbers, so that whoever reads the log can count with them.
  private func write(_ value: Logger.MetadataValue, under key: String, to writer: inout JSONWriter) {
    switch value {
    case .stringConvertible(let number as Int): writer.member(key, number)
    case .stringConvertible(let number as Double) where number.isFinite: writer.member(key, number)
    case .string, .stringConvertible, .dictionary, .array: writer.member(key, "\(value)")
    }
  }

  private static let fixedKeys: Set = ["time", "level", "logger", "message"]

  private func text(_ event: LogEvent, _ metadata: Logger.Metadata) -> [UInt8] {
    TextLogLine(event, metadata, time: time.now).bytes
  }
}

extension String {
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
