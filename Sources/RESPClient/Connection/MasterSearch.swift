import NIOCore
import NIOPosix

/// Finds the server that keeps the data: the named one, or the master that a sentinel names. Sentinels are asked in order,
/// and what one says is believed only when the server says so too (ROLE), as Redis' guide for Sentinel clients asks
/// (<https://redis.io/docs/latest/develop/reference/sentinel-clients/>).
struct MasterSearch {
  let configuration: RedisConfiguration
  let group: MultiThreadedEventLoopGroup

  func place() async throws -> RedisEndpoint.Place {
    guard case .sentinels(let sentinels, let master) = configuration.endpoint.place else {
      return configuration.endpoint.place
    }
    var failures: [String] = []
    for sentinel in sentinels {
      do {
        return try await ask(sentinel, for: master)
      } catch {
        failures.append("\(sentinel.host):\(sentinel.port): \(error)")
      }
    }
    throw RedisError(
      .unreachable, "no sentinel knows the master '\(master)': \(failures.joined(separator: "; "))")
  }

  private func ask(_ sentinel: RedisEndpoint.Sentinel, for master: String) async throws -> RedisEndpoint.Place {
    var own = configuration
    own.endpoint.tls = nil
    let connection = try await RedisConnection.connect(own, .host(sentinel.host, port: sentinel.port), on: group)
    defer { Task { await connection.close() } }
    if let password = configuration.endpoint.sentinelPassword {
      try await connection.send(
        RESPCommand("AUTH", .text(configuration.endpoint.sentinelUser ?? "default"), .text(password)))
    }
    let reply = try await connection.send(RESPCommand("SENTINEL", "GET-MASTER-ADDR-BY-NAME", .text(master)))
    guard let parts = reply.elements, parts.count == 2, let host = parts[0].string, let port = parts[1].integer else {
      throw RedisError(.unsuitable, "it does not know a master of this name")
    }
    return .host(host, port: Int(port))
  }
}
