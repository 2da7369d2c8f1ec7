public import CelerityCore
import RESPClient

extension RedisStore: PermitStore {
  public func acquire(_ requests: [PermitRequest]) async throws(EngineError) -> [PermitAnswer] {
    if requests.isEmpty { return [] }
    var arguments: [RESPCommand.Argument] = [
      .text(keys.prefix), .text(clock.arguments.storeTime), clock.isGiven ? "0" : "1",
    ]
    for request in requests {
      arguments += [.text(request.holder.key.text), .number(request.holder.token), .number(request.permits.count)]
      for permit in request.permits {
        switch permit.limit {
        case .concurrency(let limit): arguments += ["c", .text(permit.name), .number(limit), "-"]
        case .rate(let limit, let length):
          arguments += ["r", .text(permit.name), .number(limit), .number(length.storable)]
        case .fairShare(let share, let scope): arguments += ["s", .text(permit.name), .text("\(share)"), .text(scope)]
        }
      }
    }
    let answers = try await PermitScripts.acquire.engineRun(on: client, arguments).elements ?? []
    guard answers.count == requests.count else {
      throw EngineError(.corrupt, "the script that takes permits answered nonsense")
    }
    return answers.map { answer in
      guard let parts = answer.elements, parts.count == 2 else { return .granted }
      return .denied(by: parts[0].string ?? "", retryAfter: parts[1].integer.map { .microseconds($0) })
    }
  }

  public func release(_ holders: [PermitHolder]) async throws(EngineError) {
    if holders.isEmpty { return }
    let tags = holders.map { RESPCommand.Argument.text(Keys.tag($0.key, token: $0.token)) }
    _ = try await PermitScripts.release.engineRun(on: client, [.text(keys.prefix)] + tags)
  }
}

extension Duration {
  /// The microseconds as scripts can reckon with them: at most 2^51, which are 71 years.
  var storable: Int64 { min(max(microseconds, -1 << 51), 1 << 51) }
}
