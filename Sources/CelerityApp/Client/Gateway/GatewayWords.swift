import CelerityCore

/// Says what a gateway says to programs in the words of the command line: requests become verbs, pointers into a body
/// become options. The only place where the two vocabularies meet.
enum GatewayWords {
  /// What a request is on the command line. `{x}` stands for one segment of the path.
  static let verbs: [(method: String, path: String, verb: String)] = [
    ("GET", "/v1/tasks", "celerity task list"), ("POST", "/v1/tasks", "celerity submit"),
    ("POST", "/v1/tasks:bulk", "celerity submit --bulk"), ("GET", "/v1/tasks/{x}", "celerity task show {x}"),
    ("GET", "/v1/tasks/{x}/result", "celerity task result {x}"), ("GET", "/v1/tasks/{x}/why", "celerity task why {x}"),
    ("GET", "/v1/tasks/{x}/logs", "celerity task logs {x}"), ("GET", "/v1/tasks/{x}/events", "celerity task watch {x}"),
    ("POST", "/v1/tasks/{x}:retry", "celerity task retry {x}"),
    ("POST", "/v1/tasks/{x}:cancel", "celerity task cancel {x}"), ("GET", "/v1/queues", "celerity queue list"),
    ("GET", "/v1/queues/{x}", "celerity queue show {x}"), ("POST", "/v1/queues/{x}:pause", "celerity queue pause {x}"),
    ("POST", "/v1/queues/{x}:resume", "celerity queue resume {x}"),
    ("POST", "/v1/queues/{x}:purge", "celerity queue purge {x}"),
    ("POST", "/v1/queues/{x}:move", "celerity queue move {x} QUEUE"), ("GET", "/v1/workers", "celerity workers list"),
    ("GET", "/v1/workers/{x}", "celerity workers show {x}"),
    ("POST", "/v1/workers/{x}:quiet", "celerity workers quiet {x}"),
    ("POST", "/v1/workers/{x}:resume", "celerity workers resume {x}"),
    ("POST", "/v1/workers/{x}:stop", "celerity workers stop {x}"),
    ("POST", "/v1/workers/{x}:scale", "celerity workers scale {x} COUNT"),
    ("GET", "/v1/schedules", "celerity schedule list"), ("POST", "/v1/schedules", "celerity schedule add"),
    ("GET", "/v1/schedules:next", "celerity schedule next"), ("GET", "/v1/schedules/{x}", "celerity schedule show {x}"),
    ("PUT", "/v1/schedules/{x}", "celerity schedule edit {x}"),
    ("DELETE", "/v1/schedules/{x}", "celerity schedule delete {x}"),
    ("POST", "/v1/schedules/{x}:pause", "celerity schedule pause {x}"),
    ("POST", "/v1/schedules/{x}:resume", "celerity schedule resume {x}"),
    ("POST", "/v1/schedules/{x}:run", "celerity schedule run {x}"), ("GET", "/v1/dead", "celerity dead list"),
    ("GET", "/v1/dead/{x}", "celerity dead show {x}"), ("POST", "/v1/dead/{x}:redrive", "celerity dead redrive {x}"),
    ("POST", "/v1/dead/{x}:discard", "celerity dead discard {x}"),
    ("POST", "/v1/dead:redrive", "celerity dead redrive"),
    ("POST", "/v1/dead:discard", "celerity dead discard"), ("GET", "/v1/kinds", "celerity kinds list"),
    ("GET", "/v1/kinds/{x}", "celerity kinds show {x}"), ("GET", "/v1/events", "celerity events --follow"),
    ("GET", "/", "celerity --help"),
  ]

  /// Hints that speak of HTTP without a path of their own.
  private static let phrases: [(said: String, meant: String)] = [
    ("GET it again", "read it again"),
    ("send the id of an event back as it came, 0 for everything there is, or leave it out", "follow it anew"),
  ]

  /// Where to look when the gateway gives no hint: what there is.
  private static let lists = [
    "unknown-task-id": "celerity task list", "result-expired": "celerity task list",
    "unknown-queue": "celerity queue list", "unknown-worker": "celerity workers list",
    "unknown-schedule": "celerity schedule list",
  ]

  /// What is tried after a problem without a hint.
  static func hint(code: String?) -> String? { code.flatMap { lists[$0] } }

  /// Members of bodies that options of the same meaning set.
  private static let options: [String: String] = [
    "args": "--args", "countdown": "--countdown", "eta": "--eta", "expires": "--expires", "key": "--key",
    "kwargs": "--kwargs", "priority": "--priority", "queue": "--queue", "retries": "--retries",
    "schedule": "--schedule", "tags": "--tag", "task": "the task's name", "time_limit": "--time-limit",
    "name": "the name", "to": "the other queue's name", "concurrency": "the count",
  ]

  /// A hint as it is said here.
  static func hint(_ text: String) -> String {
    var text = text
    for (said, meant) in phrases { text = text.replacing(said, with: meant) }
    var result = ""
    var rest = Substring(text)
    while let method = nextMethod(rest) {
      result += rest[..<method.lowerBound]
      let start = rest.index(after: method.upperBound)
      let path = rest[start...].prefix { !$0.isWhitespace && !",;`'\"()".contains($0) }
      let end = path.hasSuffix(".") || path.hasSuffix(":") ? path.dropLast() : path
      result +=
        verb(String(rest[method.lowerBound..<method.upperBound]), end) ?? String(rest[method.lowerBound..<end.endIndex])
      rest = rest[end.endIndex...]
    }
    return result + rest
  }

  /// Where a method with a path behind it stands.
  private static func nextMethod(_ text: Substring) -> Range<Substring.Index>? {
    let found = ["GET", "POST", "PUT", "DELETE"].compactMap { method in
      text.firstRange(of: method + " /").map { $0.lowerBound..<text.index($0.lowerBound, offsetBy: method.count) }
    }
    return found.min { $0.lowerBound < $1.lowerBound }
  }

  private static func verb(_ method: String, _ path: Substring) -> String? {
    let segments = path.split(separator: "/", omittingEmptySubsequences: false)
    for entry in verbs where entry.method == method {
      let wanted = entry.path.split(separator: "/", omittingEmptySubsequences: false)
      guard wanted.count == segments.count else { continue }
      var name: String?
      let fits = zip(wanted, segments).allSatisfy { wanted, segment in
        guard wanted.hasPrefix("{x}") else { return wanted == segment }
        let end = wanted.dropFirst(3)
        guard segment.hasSuffix(end), segment.count > end.count else { return false }
        let found = segment.dropLast(end.count)
        guard !end.isEmpty || !found.contains(":") || found.hasPrefix("{") else { return false }
        name = word(found)
        return true
      }
      if fits { return entry.verb.replacing("{x}", with: name ?? "") }
    }
    return nil
  }

  /// A segment as a word: `{name}` is what people put in its place.
  private static func word(_ segment: Substring) -> String {
    if segment.hasPrefix("{"), segment.hasSuffix("}") { return segment.dropFirst().dropLast().uppercased() }
    var bytes: [UInt8] = []
    var rest = Array(segment.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == 0x25, rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return ShellWords.quoted(String(decoding: bytes, as: UTF8.self))
  }

  /// A sentence that begins with a pointer (RFC 6901), with the option in its place: `/priority must be …` becomes
  /// `--priority must be …`, and `/kwargs/rate is missing` becomes `--kwargs rate is missing`.
  static func sentence(_ text: String) -> String {
    guard text.hasPrefix("/") else { return text }
    let pointer = text.prefix { !$0.isWhitespace }
    let parts = pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
      String($0.replacing("~1", with: "/").replacing("~0", with: "~"))
    }
    guard let first = parts.first, !first.isEmpty, !["v1", "problems"].contains(first) else { return text }
    let name = options[first] ?? (parts.count == 1 ? "'\(first)'" : first)
    return ([name] + (parts.count > 1 ? [parts.dropFirst().joined(separator: ".")] : [])).joined(separator: " ")
      + text[pointer.endIndex...]
  }

  /// What is wrong with a filter: the sentence without the byte, and a picture that points at it.
  static func filter(_ detail: String, query: String) -> (what: String, picture: String)? {
    guard detail.hasSuffix(" of q"), let range = detail.ranges(of: ", at byte ").last,
      let offset = Int(String(detail[range.upperBound...].dropLast(5)))
    else { return nil }
    return (
      String(detail[..<range.lowerBound]).replacing("the filter can't be read", with: "--query can't be read"),
      TextPlace(Array(query.utf8), offset: offset).picture
    )
  }
}
