import CelerityCore

/// The address of a Redis whose parts stand in variables of their own, as many deployments have it: `REDIS_HOST` beside
/// `REDIS_PORT`, `REDIS_DB`, `REDIS_USERNAME`, `REDIS_PASSWORD` and `REDIS_SSL`.
///
/// Without a host the others mean nothing: Kubernetes sets `REDIS_PORT`, to an address, for every service called redis.
struct RedisVariables {
  /// Names the others' place; the origin of the address.
  static let host = "REDIS_HOST"

  /// The address as `--engine` takes it.
  let url: String
  let problems: [SettingsProblem]

  /// The parts that an environment names; `nil` when it names no host.
  init?(_ environment: [String: String]) {
    let variables = environment.filter { !$0.value.isEmpty }
    guard let host = variables[Self.host] else { return nil }
    var problems: [SettingsProblem] = []
    func refuse(_ text: String) { problems.append(SettingsProblem(text: text, setting: Settings.engine.name)) }
    func read<Value>(_ name: String, _ type: SettingType<Value>, default standard: Value) -> Value {
      guard let text = variables[name] else { return standard }
      if let value = type.parse(text) { return value }
      refuse("\(name) is '\(SecretText.masked(text))', but must be \(type.expectation)")
      return standard
    }
    // Not shown: people put whole addresses there, with a password.
    if host.filter({ !":[]".contains($0) }).percentEncoded.contains("%") || host.count(where: { $0 == ":" }) == 1 {
      refuse("\(Self.host) must be a host's name or address alone")
    }
    if variables["REDIS_USERNAME"] != nil, variables["REDIS_PASSWORD"] == nil {
      refuse("REDIS_USERNAME needs REDIS_PASSWORD")
    }
    let scheme = read("REDIS_SSL", .flag, default: false) ? "rediss" : "redis"
    let port = read("REDIS_PORT", .integer(1...65_535), default: 6379)
    let database = read("REDIS_DB", .integer(0...65_535), default: 0)
    let user = (variables["REDIS_USERNAME"] ?? "").percentEncoded
    let login = variables["REDIS_PASSWORD"].map { "\(user):\($0.percentEncoded)@" } ?? ""
    let isAddress = host.contains(":") && !host.hasPrefix("[")
    url = "\(scheme)://\(login)\(isAddress ? "[\(host)]" : host):\(port)/\(database)"
    self.problems = problems
  }
}
