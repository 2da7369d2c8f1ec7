import CelerityCore
import RESPClient

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which store the settings name, with everything wrong about it found before something is opened.
enum EngineChoice: Hashable {
  /// A file, by its path.
  case sqlite(path: String)
  case redis(RedisEndpoint)

  private static let redisSchemes: Set = ["redis", "rediss", "redis+socket", "sentinel"]
  private static let advice = "use --engine sqlite:PATH or --engine redis://127.0.0.1:6379/0"

  init(_ settings: ResolvedSettings) throws(UsageError) {
    let engine = settings[Settings.engine]
    switch Self.scheme(of: engine) {
    case nil where engine.isEmpty: self = .sqlite(path: settings[Settings.data] + "/celerity.db")
    case "sqlite" where engine.count > 7: self = .sqlite(path: String(engine.dropFirst(7)))
    case let scheme? where Self.redisSchemes.contains(scheme):
      self = .redis(try Self.endpoint(engine, setting: "engine"))
    case "amqp", "amqps", "pyamqp":
      throw UsageError(
        "RabbitMQ is not spoken yet: the engine is '\(SecretText.masked(engine))'", hint: Self.advice)
    default:
      throw UsageError("the engine '\(SecretText.masked(engine))' is not available", hint: Self.advice)
    }
    try checkResults(settings[Settings.results], engine: engine)
  }

  /// Results are written with the end of their task in one step, so they can't be elsewhere.
  private func checkResults(_ results: String, engine: String) throws(UsageError) {
    guard !results.isEmpty, results != engine else { return }
    let shown = SecretText.masked(results)
    guard case .redis(let endpoint) = self else {
      throw UsageError(
        "results are kept with the tasks in the SQLite file, and can't be kept in '\(shown)'",
        hint: "leave out --results and unset CELERY_RESULT_BACKEND, or name Redis for both with --engine")
    }
    guard let scheme = Self.scheme(of: results), Self.redisSchemes.contains(scheme) else {
      throw UsageError(
        "results are kept with the tasks so far, and can't be kept in '\(shown)'",
        hint: "leave out --results, and point result_backend of Celery's programs to \(endpoint)")
    }
    let place = try Self.endpoint(results, setting: "results")
    guard place.isSamePlace(as: endpoint) else {
      throw UsageError(
        "results are kept with the tasks so far: the engine is \(endpoint), and results would be in \(place)",
        hint: "leave out --results, and point result_backend of Celery's programs to \(endpoint)")
    }
  }

  private static func endpoint(_ url: String, setting: String) throws(UsageError) -> RedisEndpoint {
    do {
      return try RedisEndpoint(url: url)
    } catch {
      throw UsageError(
        "\(setting) is '\(SecretText.masked(url))': \(error.message)", hint: "celerity config explain \(setting)")
    }
  }

  private static func scheme(of text: String) -> String? {
    text.firstIndex(of: ":").map { text[..<$0].lowercased() }
  }

  /// For people, without secrets.
  var description: String {
    switch self {
    case .sqlite(let path): path
    case .redis(let endpoint): "\(endpoint)"
    }
  }

  /// The path of the SQLite file, for verbs that work on a file; its data directory is made, for nobody else to read.
  static func storePath(_ settings: ResolvedSettings) throws(UsageError) -> String {
    let path = try filePath(settings)
    if settings[Settings.engine].isEmpty { try makeDirectory(settings[Settings.data]) }
    return path
  }

  /// The path of the SQLite file, for verbs that make no sense without one.
  static func existingStorePath(_ settings: ResolvedSettings) throws(UsageError) -> String {
    let path = try filePath(settings)
    guard access(path, F_OK) == 0 else {
      throw UsageError("there is no store at \(path)", hint: "name its directory with --data")
    }
    return path
  }

  private static func filePath(_ settings: ResolvedSettings) throws(UsageError) -> String {
    guard case .sqlite(let path) = try EngineChoice(settings) else {
      throw UsageError(
        "the engine is \(SecretText.masked(settings[Settings.engine])), and this is for a file of SQLite",
        hint: "use --engine sqlite:PATH; what Redis keeps is saved with Redis's own means")
    }
    return path
  }

  private static func makeDirectory(_ directory: String) throws(UsageError) {
    guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
      throw UsageError(
        "can't make the data directory \(directory): \(String(cString: strerror(errno)))",
        hint: "name another with --data")
    }
  }
}

extension RedisEndpoint {
  /// Whether both are one database of one server; who logs in, and how, does not matter.
  func isSamePlace(as other: RedisEndpoint) -> Bool {
    database == other.database && place.normal == other.place.normal
  }
}

extension RedisEndpoint.Place {
  /// With the names of this machine made one.
  fileprivate var normal: RedisEndpoint.Place {
    switch self {
    case .host(let host, let port): .host(Self.normal(host), port: port)
    case .socket: self
    case .sentinels(let sentinels, let master):
      .sentinels(
        sentinels.map { .init(host: Self.normal($0.host), port: $0.port) }.sorted {
          ($0.host, $0.port) < ($1.host, $1.port)
        }, master: master)
    }
  }

  private static func normal(_ host: String) -> String {
    let host = host.lowercased()
    return host == "localhost" || host == "::1" ? "127.0.0.1" : host
  }
}
