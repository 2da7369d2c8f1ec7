public import CelerityCore
import CelerityJSON

extension Alert {
  /// Longest kind and description, in characters.
  static let longestKind = 100
  static let longestDescription = 4000

  /// The alert with every text on one line: what could end a line, or make it look other than it is, is written as an
  /// escape, so that no input can forge a second fact.
  public var onOneLine: Alert {
    Alert(
      Self.line(kind, Self.longestKind), Self.line(description, Self.longestDescription),
      service: Self.line(service, Self.longestKind), task: task, time: time)
  }

  private static func line(_ text: String, _ limit: Int) -> String {
    var line = ""
    for scalar in text.unicodeScalars.prefix(limit) {
      switch scalar {
      case "\n": line += "\\n"
      case "\r": line += "\\r"
      case "\t": line += "\\t"
      case let scalar where hidesOrBreaks(scalar): line += "\\u{\(String(scalar.value, radix: 16))}"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  /// Controls, the separators of lines and paragraphs, and what turns the direction of writing (Unicode, UAX #9).
  private static func hidesOrBreaks(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// What a report file holds.
  var report: String {
    var lines = ["Time: \(time.rfc3339)", "Alert Type: \(kind)", "Description: \(description)", "Service: \(service)"]
    // Clients choose ids.
    if let task { lines.append("Task: \(Self.line(task.text, 255))") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The beginning of a report file's name: `fraud_attempt_2026-11-27_19-05-58`, in UTC.
  var fileName: String {
    let word = kind.lowercased().unicodeScalars.map { scalar -> Character in
      let isPlain = (0x61...0x7A).contains(scalar.value) || (0x30...0x39).contains(scalar.value)
      return isPlain ? Character(scalar) : "_"
    }
    let trimmed = String(word.prefix(60)).split(separator: "_").joined(separator: "_")
    // `2026-11-27T19:05:58…`
    let moment = time.rfc3339.prefix(19).map { $0 == "T" ? "_" : $0 == ":" ? "-" : $0 }
    return "\(trimmed.isEmpty ? "alert" : trimmed)_\(String(moment))"
  }
}

extension Alert {
  /// As it is kept and told.
  var json: RawJSON {
    var writer = JSONWriter(reservingCapacity: 256)
    writer.beginObject()
    writer.member("kind", kind)
    writer.member("description", description)
    writer.member("service", service)
    writer.member("task_id", orNull: task?.text)
    writer.member("time", time.rfc3339)
    writer.endObject()
    return writer.finish()
  }

  /// The alert that was kept so.
  init?(_ json: RawJSON) {
    guard let kind = json["kind"]?.stringValue, let description = json["description"]?.stringValue,
      let service = json["service"]?.stringValue, let time = json["time"]?.stringValue.flatMap({ Timestamp($0) })
    else { return nil }
    self.init(
      kind, description, service: service, task: json["task_id"]?.stringValue.map { TaskID(stored: $0) }, time: time)
  }
}
