import CelerityCore
import CelerityJSON

extension TaskRequest {
  /// The request as a call to be made later. What the request says stands over Celery's options of the same meaning.
  func signature(options: [JSONMember], tags: [String]?, isImmutable: Bool) -> Signature {
    var own: [(String, RawJSON)] = []
    func add(_ name: String, _ value: RawJSON?) { if let value { own.append((name, value)) } }
    add("queue", queue.map(RawJSON.string))
    add("priority", priority.map { .integer(Int64($0.value)) })
    if let countdown {
      add("countdown", .double(countdown.inSeconds))
    } else {
      add("eta", eta.map { .string($0.rfc3339) })
    }
    if let lifetime {
      add("expires", .double(lifetime.inSeconds))
    } else {
      add("expires", expires.map { .string($0.rfc3339) })
    }
    add("max_retries", retries.map { .integer(Int64($0)) })
    add("time_limit", timeLimit.flatMap { .double($0.inSeconds) })
    add("soft_time_limit", softTimeLimit.flatMap { .double($0.inSeconds) })
    add("tags", tags.map { .array($0.map(RawJSON.string)) })
    add("link", links.map { .array($0.map(\.json)) })
    add("link_error", errorLinks.map { .array($0.map(\.json)) })
    let names = Set(own.map(\.0))
    let others = options.filter { !names.contains($0.name) }.map { ($0.name, $0.value) }
    return Signature(task: task, args: args, kwargs: kwargs, options: .object(others + own), isImmutable: isImmutable)
  }
}
