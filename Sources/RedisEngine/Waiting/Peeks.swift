import CelerityCore
import Logging
import NIOPosix
import RESPClient
import Synchronization

/// Notices work that others have pushed, Python's producers, who tell nobody: while a fetch waits, a blocking look at each
/// list (`BLMOVE` from its end to its end, which changes nothing) on connections of their own. Never `BRPOP`: whoever takes a
/// message by it and dies has lost it.
final class Peeks: Sendable {
  private struct State {
    var watched: [String: Task<Void, Never>] = [:]
    /// How many fetches wait for each list.
    var waiting: [String: Int] = [:]
    var isClosed = false
  }

  private let configuration: RedisConfiguration
  private let keys: Keys
  private let bell: CountingBell
  private let logger: Logger
  private let state = Mutex(State())
  /// Rung when another fetch waits.
  private let begun = CountingBell()

  /// How long one look blocks; below the time after which a silent connection counts as dead.
  private static let patience = 5

  init(_ configuration: RedisConfiguration, keys: Keys, bell: CountingBell, logger: Logger) {
    self.configuration = configuration
    self.keys = keys
    self.bell = bell
    self.logger = logger
  }

  /// Looks at the lists of queues while a caller waits.
  func during<Answer>(_ queues: [QueueKey], _ wait: () async -> Answer) async -> Answer {
    let lists = queues.flatMap(keys.lists)
    state.withLock { state in
      for list in lists {
        state.waiting[list, default: 0] += 1
        if state.watched[list] == nil, !state.isClosed { state.watched[list] = Task { await self.watch(list) } }
      }
    }
    begun.ring()
    defer { state.withLock { state in for list in lists { state.waiting[list, default: 0] -= 1 } } }
    return await wait()
  }

  /// Gives up all connections; they are made anew. For when work was there and nobody noticed.
  func restart() {
    let tasks = state.withLock { state in
      defer { state.watched = [:] }
      return Array(state.watched.values)
    }
    for task in tasks { task.cancel() }
  }

  func close() {
    state.withLock { $0.isClosed = true }
    restart()
  }

  private func watch(_ list: String) async {
    var connection: RedisConnection?
    var pause = Duration.zero
    while !Task.isCancelled {
      let rings = begun.rings
      guard state.withLock({ $0.waiting[list, default: 0] > 0 }) else {
        await begun.wait(beyond: rings, until: .seconds(Int64.max / 2), on: SystemTime())
        continue
      }
      do {
        let open: RedisConnection
        if let connection {
          open = connection
        } else {
          open = try await RedisConnection.open(configuration, on: .singleton)
        }
        connection = open
        let found = try await look(at: list, on: open)
        guard found else {
          pause = .zero
          continue
        }
        bell.ring()
        // Who was woken takes it, or somebody else did. A list that stays as it is must not keep everybody busy.
        pause = min(pause + .milliseconds(2), .milliseconds(500))
        try await Task.sleep(for: pause)
      } catch {
        await connection?.close()
        connection = nil
        logger.debug("a look at a queue failed", metadata: ["error": "\(error)"])
        try? await Task.sleep(for: .milliseconds(200))
      }
    }
    await connection?.close()
  }

  private func look(at list: String, on connection: RedisConnection) async throws -> Bool {
    let key = RESPCommand.Argument.text(list)
    return try await withTaskCancellationHandler {
      try await !connection.send(RESPCommand("BLMOVE", key, key, "RIGHT", "RIGHT", .number(Self.patience))).isNull
    } onCancel: {
      Task { await connection.close() }
    }
  }
}
