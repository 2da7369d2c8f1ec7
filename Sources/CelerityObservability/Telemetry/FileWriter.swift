public import CelerityCore
import CelerityJSON
import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes points as lines of JSON into a file of bounded length. A full one is renamed, `points.jsonl` to `points.1.jsonl` and
/// so on, and the oldest goes. Several processes may write into one directory.
public struct FileWriter: TelemetryWriter {
  private let directory: String
  private let bound: Int
  private let older: Int
  private let queue = DispatchQueue(label: "celerity.telemetry.file")

  /// Files of at most so many bytes each (a batch more, if need be), the one that is written to and so many older ones.
  public init(directory: String, bound: Int, older: Int) {
    self.directory = directory
    self.bound = bound
    self.older = max(0, older)
  }

  public var name: String { "file" }

  public func canWrite(_ point: TelemetryPoint) -> Bool {
    point.fields.values.allSatisfy { if case .number(let number) = $0 { number.isFinite } else { true } }
  }

  public func write(_ points: [TelemetryPoint]) async -> TelemetryOutcome {
    let lines = points.flatMap { Self.line($0) }
    return await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: append(lines)) }
    }
  }

  static func line(_ point: TelemetryPoint) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 256)
    writer.beginObject()
    writer.member("time", point.time.rfc3339)
    writer.member("measurement", point.measurement)
    writer.member(
      "tags",
      object: { writer in
        for (name, value) in point.tags.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
      })
    writer.member(
      "fields",
      object: { writer in
        for (name, value) in point.fields.sorted(by: { $0.key < $1.key }) {
          switch value {
          case .text(let value): writer.member(name, value)
          case .integer(let value): writer.member(name, value)
          case .number(let value): writer.member(name, value)
          case .flag(let value): writer.member(name, value)
          }
        }
      })
    writer.endObject()
    return writer.finish().bytes + [0x0A]
  }

  private func path(_ index: Int) -> String {
    index == 0 ? "\(directory)/points.jsonl" : "\(directory)/points.\(index).jsonl"
  }

  private func append(_ bytes: [UInt8]) -> TelemetryOutcome {
    if let slash = directory.lastIndex(of: "/"), slash != directory.startIndex {
      _ = mkdir(String(directory[..<slash]), 0o700)
    }
    guard mkdir(directory, 0o700) == 0 || errno == EEXIST else { return failure() }
    // Others that write here must not rename the file between our look at it and our write.
    let gate = open("\(directory)/.gate", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard gate >= 0 else { return failure() }
    defer { close(gate) }
    while flock(gate, LOCK_EX) != 0 { guard errno == EINTR else { return failure() } }
    var status = stat()
    if stat(path(0), &status) == 0, status.st_size > 0, Int(status.st_size) + bytes.count > bound { rotate() }
    let file = open(path(0), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { return failure() }
    defer { close(file) }
    return put(bytes, to: file)
  }

  private func put(_ bytes: [UInt8], to file: Int32) -> TelemetryOutcome {
    let start = lseek(file, 0, SEEK_END)
    if writeAll(bytes, to: file) { return .written }
    let outcome = failure()
    // Half a line would spoil the one after it.
    _ = ftruncate(file, start)
    return outcome
  }

  private func rotate() {
    unlink(path(older))
    for index in stride(from: older, to: 0, by: -1) { rename(path(index - 1), path(index)) }
  }

  private func failure() -> TelemetryOutcome { .away("\(directory): \(String(cString: strerror(errno)))") }
}
