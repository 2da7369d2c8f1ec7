import Synchronization

/// A Lua script that runs as one step on the server. It is sent by its hash, and whole where the server does not have it:
/// at first, and after a restart.
public final class RedisScript: Sendable {
  /// For errors and logs.
  public let name: String
  public let source: String
  /// The hash under which a server keeps it, once one has said it.
  private let hash = Mutex<String?>(nil)

  /// A script by its text.
  public init(_ name: String, _ source: String) {
    self.name = name
    self.source = source
  }

  /// Runs it. A repetition after `NOSCRIPT` is safe: the server has done nothing.
  @discardableResult
  public func run(
    on client: RedisClient, keys: [String], _ arguments: [RESPCommand.Argument] = []
  ) async throws(RedisError) -> RESPValue {
    try await run(on: client, keys: keys, arguments, followedBy: [])[0]
  }

  /// Runs it and sends commands behind it in the same round trip; answers its reply and theirs. Commands that only look may
  /// be sent twice.
  public func run(
    on client: RedisClient, keys: [String], _ arguments: [RESPCommand.Argument], followedBy looks: [RESPCommand]
  ) async throws(RedisError) -> [RESPValue] {
    let hash = try await knownHash(client)
    let tail = [RESPCommand.Argument.number(keys.count)] + keys.map { .text($0) } + arguments
    var replies = try await client.send([RESPCommand(["EVALSHA", .text(hash)] + tail)] + looks)
    if case .error(let error) = replies[0], error.code == "NOSCRIPT" {
      replies = try await client.send([RESPCommand(["EVAL", .text(source)] + tail)] + looks)
    }
    for case .error(let error) in replies { throw RedisError(error) }
    return replies
  }

  private func knownHash(_ client: RedisClient) async throws(RedisError) -> String {
    if let hash = hash.withLock({ $0 }) { return hash }
    guard let text = try await client.send(RESPCommand("SCRIPT", "LOAD", .text(source))).string else {
      throw RedisError(.unsuitable, "the server did not say a script's hash")
    }
    hash.withLock { $0 = text }
    return text
  }
}
