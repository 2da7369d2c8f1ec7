import CelerityCore
import Logging
import RESPClient

/// Redis: reachable, of a version that is enough, keeping what it is given, throwing nothing out, one server, on time.
struct RedisCheck {
  let endpoint: RedisEndpoint

  private static let name = "redis"

  func findings() async -> [Finding] {
    let configuration = RedisConfiguration(endpoint, connectTimeout: .seconds(3), patience: .seconds(3))
    let client = RedisClient(configuration, logger: Logger(label: "doctor") { _ in SwiftLogNoOpLogHandler() })
    let findings: [Finding]
    do {
      findings = Self.judged(try await state(client), at: "\(endpoint)")
    } catch {
      findings = [Self.refused(error, at: "\(endpoint)")]
    }
    await client.close()
    return findings
  }

  /// What a server tells of itself.
  struct State {
    /// The fields of `INFO`.
    var info: [String: String]
    /// `CONFIG GET appendfsync`; `nil` where that is not allowed.
    var appendFsync: String?
    /// How far its clock is ahead of ours.
    var clockAhead: Duration
    /// How long a question takes, there and back.
    var roundTrip: Duration
  }

  private func state(_ client: RedisClient) async throws(RedisError) -> State {
    try await client.send(RESPCommand("PING"))  // so that making the connection is not measured
    let time = SystemTime()
    let before = (wall: time.now, uptime: time.uptime)
    let clock = try await client.send(RESPCommand("TIME"))
    let roundTrip = time.uptime - before.uptime
    let replies = try await client.send([
      RESPCommand("INFO", "everything"), RESPCommand("CONFIG", "GET", "appendfsync"),
    ])
    let parts = (clock.elements ?? []).compactMap(\.integer)
    guard parts.count == 2, let info = replies[0].string else {
      throw RedisError(.unsuitable, "it does not answer TIME and INFO as Redis does")
    }
    let server = Timestamp(microseconds: parts[0] * 1_000_000 + parts[1])
    return State(
      info: Self.fields(info), appendFsync: replies[1].elements?.last?.string,
      clockAhead: server - (before.wall + roundTrip / 2), roundTrip: roundTrip)
  }

  /// `name:value` in lines, with headings that begin with `#`.
  static func fields(_ info: String) -> [String: String] {
    var fields: [String: String] = [:]
    for line in info.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      fields[String(line[..<colon])] = String(line[line.index(after: colon)...])
    }
    return fields
  }

  private static func refused(_ error: RedisError, at place: String) -> Finding {
    let fix =
      switch error.code {
      case .denied: "check user and password in the engine's URL, and that the user may run commands on all keys"
      case .unsuitable: "name a Redis server of version 6.2 or later with --engine"
      default:
        "start Redis, or name another with --engine; celerity config explain engine tells where this one is named"
      }
    return .error(name, "\(place): \(error.message)", fix: fix)
  }

  // MARK: Judging

  static func judged(_ state: State, at place: String) -> [Finding] {
    [version(state, place)] + cluster(state) + [durability(state), eviction(state), clock(state)]
  }

  private static func version(_ state: State, _ place: String) -> Finding {
    let version = state.info["redis_version"] ?? "unknown"
    let text = "\(place), version \(version), answers in \(HumanText.duration(state.roundTrip))"
    let numbers = version.split(separator: ".").compactMap { Int($0) }
    guard numbers.count >= 2, (numbers[0], numbers[1]) >= (6, 2) else {
      return .error(name, text + ": 6.2 is the first that can wait for work without losing it", fix: "update Redis")
    }
    if state.info["role"] == "slave" {
      return .error(
        name, text + ", but it is a replica, which takes no writes",
        fix: "name the primary with --engine, or sentinel://…?master_name=NAME, which finds it")
    }
    return .ok(name, text)
  }

  private static func cluster(_ state: State) -> [Finding] {
    guard state.info["cluster_enabled"] == "1" || state.info["redis_mode"] == "cluster" else { return [] }
    return [
      .error(
        "redis cluster",
        "it is a node of a cluster: one step of a task writes keys of several slots at once, as Celery's do",
        fix: "use a server without cluster mode, behind Sentinel where it must be replaced by itself")
    ]
  }

  private static func durability(_ state: State) -> Finding {
    let fix = "appendonly yes and appendfsync always in redis.conf"
    guard state.info["aof_enabled"] == "1" else {
      return .warning(
        "redis durability",
        "appendonly is off: a crash of Redis loses what came since its last snapshot, accepted tasks too",
        fix: fix)
    }
    switch state.appendFsync {
    case "always": return .ok("redis durability", "every write is on disk before it is answered (appendfsync always)")
    case "everysec":
      return .warning(
        "redis durability", "appendfsync is everysec: a power cut can lose the last second of accepted tasks",
        fix: "appendfsync always in redis.conf, unless a second of tasks can be lost")
    case "no":
      return .warning(
        "redis durability", "appendfsync is no: a power cut loses what the system had not written", fix: fix)
    default: return .ok("redis durability", "appendonly is on; appendfsync is not told to this user")
    }
  }

  private static func eviction(_ state: State) -> Finding {
    let policy = state.info["maxmemory_policy"] ?? "unknown"
    let limit = state.info["maxmemory"].flatMap { UInt64($0) } ?? 0
    guard limit > 0 else { return .ok("redis memory", "no limit of its own, so nothing is thrown out") }
    let text = "up to \(ByteCountText.short(limit)), maxmemory-policy \(policy)"
    guard policy == "noeviction" else {
      return .error(
        "redis memory", text + ": when it is full, tasks and results are thrown out without a word",
        fix: "maxmemory-policy noeviction in redis.conf: then submissions are refused instead")
    }
    let used = state.info["used_memory"].flatMap { UInt64($0) } ?? 0
    if used * 10 > limit * 9 {
      return .warning("redis memory", text + ", \(ByteCountText.short(used)) used", fix: "raise maxmemory")
    }
    return .ok("redis memory", text)
  }

  private static func clock(_ state: State) -> Finding {
    let ahead = state.clockAhead.inSeconds
    let uncertainty = state.roundTrip.inSeconds / 2
    let difference = HumanText.duration(.seconds(abs(ahead)))
    guard abs(ahead) > 1 + uncertainty else { return .ok("redis clock", "agrees with this machine's") }
    return .warning(
      "redis clock", "it is \(difference) \(ahead > 0 ? "ahead of" : "behind") this machine's",
      fix: "let one program keep both right (chrony or systemd-timesyncd)")
  }
}
