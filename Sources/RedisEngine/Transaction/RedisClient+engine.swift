import CelerityCore
import RESPClient

extension RedisClient {
  /// Replies of which none is an error, with nothing where a key holds something else than its command needs.
  func sparingReplies(_ commands: [RESPCommand]) async throws(EngineError) -> [RESPValue] {
    if commands.isEmpty { return [] }
    do throws(RedisError) {
      return try await send(commands).map { reply throws(RedisError) in
        guard case .error(let error) = reply else { return reply }
        if error.code == "WRONGTYPE" { return .null }
        throw RedisError(error)
      }
    } catch {
      throw EngineError(error)
    }
  }

  /// Replies of which none is an error.
  func engineReplies(_ commands: [RESPCommand]) async throws(EngineError) -> [RESPValue] {
    if commands.isEmpty { return [] }
    do throws(RedisError) {
      let replies = try await send(commands)
      for case .error(let error) in replies { throw RedisError(error) }
      return replies
    } catch {
      throw EngineError(error)
    }
  }
}

extension RedisScript {
  /// Runs it; errors are an engine's.
  func engineRun(
    on client: RedisClient, _ arguments: [RESPCommand.Argument]
  ) async throws(EngineError) -> RESPValue {
    try await engineRun(on: client, arguments, followedBy: [])[0]
  }

  /// Runs it and looks behind it, in one round trip; errors are an engine's.
  func engineRun(
    on client: RedisClient, _ arguments: [RESPCommand.Argument], followedBy looks: [RESPCommand]
  ) async throws(EngineError) -> [RESPValue] {
    do {
      return try await run(on: client, keys: [], arguments, followedBy: looks)
    } catch {
      throw EngineError(error)
    }
  }
}

extension EngineError {
  /// What an error of the server means to whoever uses the store.
  init(_ error: RedisError) {
    let word = error.reply.map(Self.word) ?? ""
    switch error.code {
    case .closed: self.init(.closed, "the store is closed")
    case .invalidURL: self.init(.invalid, error.message)
    case .denied:
      self.init(
        .invalid, "Redis refuses: \(error.message)", hint: "check user, password and ACL rules of the engine's URL")
    case .unsuitable: self.init(.invalid, error.message)
    case .refused where word == "OOM":
      self.init(
        .storageFull, "Redis has no memory left (maxmemory)",
        hint: "give it more, or let tasks and results expire earlier; eviction must stay off (noeviction)")
    case .refused where word == "MISCONF":
      self.init(.storageFull, "Redis can't write to its disk: \(error.message)")
    case .refused where ["LOADING", "MASTERDOWN", "READONLY", "BUSY", "TRYAGAIN", "NOREPLICAS"].contains(word):
      self.init(.unavailable, "Redis is not ready: \(error.message)")
    case .refused: self.init(.corrupt, "Redis refuses a command: \(error.message)")
    default: self.init(.unavailable, "Redis can't be reached: \(error.message)")
    }
  }

  /// The word of an error. Redis 6 tells what ended a script inside a line of its own:
  /// `ERR Error running script (call to …): @user_script:1: -OOM command not allowed …`.
  private static func word(of reply: RESPError) -> Substring {
    guard reply.code == "ERR", reply.message.contains("@user_script") else { return reply.code }
    let inner = reply.message.split(separator: " ").first { word in
      word.utf8.count > 2 && word.utf8.first == 0x2D && word.utf8.dropFirst().allSatisfy { (0x41...0x5A).contains($0) }
    }
    return inner.map { $0.dropFirst() } ?? reply.code
  }
}
