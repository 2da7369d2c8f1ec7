import CelerityCore
import CelerityJSON
import CelerityTasks
import Logging
import RESPClient
import Testing

@testable import CelerityApp

@Suite struct EngineChoiceTests {
  private func choice(_ engine: String, results: String = "") throws -> EngineChoice {
    try EngineChoice(settings(["engine": engine, "results": results]))
  }

  private func settings(_ flags: [String: String], environment: [String: String] = [:]) throws -> ResolvedSettings {
    try SettingsReader(flags: flags, environment: environment, file: nil).read()
  }

  @Test func nothingMeansTheFileInTheDataDirectory() throws {
    #expect(try EngineChoice(settings(["data": "/srv/c"])) == .sqlite(path: "/srv/c/celerity.db"))
    #expect(try choice("sqlite:/tmp/x.db") == .sqlite(path: "/tmp/x.db"))
  }

  @Test(arguments: [
    "redis://127.0.0.1:6379/0", "rediss://u:p@redis.example/3?ssl_cert_reqs=none", "redis+socket:///run/redis.sock",
    "sentinel://a:26379,b:26379/0?master_name=main", "sentinel://:p@a:26379/0?master_name=main;sentinel://:p@b:26379",
  ]) func addressesOfRedisAreTakenAsCeleryWritesThem(url: String) throws {
    #expect(try choice(url) == .redis(RedisEndpoint(url: url)))
  }

  @Test(arguments: ["mysql://root:geheim@h/db", "sqlite:", "geheim", "amqp://u:geheim@h//", "redis://u:geheim@h:x/0"])
  func whatIsNoEngineIsRefusedWithoutItsPassword(url: String) {
    let error = #expect(throws: UsageError.self) { try choice(url) }
    #expect(error?.hint != nil)
    if url != "geheim" { #expect(error?.message.contains("geheim") == false) }
  }

  @Test(arguments: [
    ("redis://127.0.0.1:6379/0", "redis://localhost/0"), ("redis://u:p@h/2", "redis://h:6379/2"),
    ("sentinel://a,b/1?master_name=m", "sentinel://b,a/1?master_name=m"),
    ("sqlite:/tmp/x.db", "sqlite:/tmp/x.db"), ("redis://h/0", ""),
  ]) func resultsWhereTheTasksAre(engine: String, results: String) throws {
    _ = try choice(engine, results: results)
  }

  @Test(arguments: [
    ("redis://h/0", "redis://h/1", "redis://h:6379/1"), ("redis://h/0", "redis://:geheim@g/0", "redis://g:6379/0"),
    ("redis://h/0", "db+postgresql://u:geheim@h/x", "db+postgresql://u:***@h/x"), ("redis://h/0", "rpc://", "rpc://"),
    ("sqlite:/tmp/x.db", "redis://h/0", "SQLite"), ("redis://h/0", "redis://h/zero", "results is"),
  ]) func resultsElsewhereAreRefusedWithTheReason(engine: String, results: String, words: String) {
    let error = #expect(throws: UsageError.self) { try choice(engine, results: results) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("geheim") == false)
  }

  @Test func partsOfAnAddressInVariablesOfTheirOwnAreARedis() throws {
    let bare = try settings([:], environment: ["REDIS_HOST": "cache.example", "REDIS_PASSWORD": ""])
    #expect(bare[Settings.engine] == "redis://cache.example:6379/0")
    let parts = [
      "REDIS_HOST": "::1", "REDIS_PORT": "6380", "REDIS_DB": "3", "REDIS_USERNAME": "u", "REDIS_PASSWORD": "p@/ %:",
      "REDIS_SSL": "True",
    ]
    let whole = try settings([:], environment: parts)
    #expect(whole[Settings.engine] == "rediss://u:p%40%2F%20%25%3A@[::1]:6380/3")
    guard case .redis(let endpoint) = try EngineChoice(whole) else {
      Issue.record("not a Redis")
      return
    }
    #expect(endpoint.password == "p@/ %:")
    // Whatever names a whole engine comes first; without a host, Kubernetes' variables are nothing to us.
    #expect(
      try settings([:], environment: parts.merging(["CELERY_BROKER_URL": "redis://b/0"]) { $1 })[Settings.engine]
        == "redis://b/0")
    #expect(try settings([:], environment: ["REDIS_PORT": "tcp://10.0.0.1:6379"])[Settings.engine].isEmpty)
    let others = ["REDIS_HOST": "h", "REDIS_PORT": "tcp://10.0.0.1:6379", "CELERITY_ENGINE": "sqlite:/tmp/x.db"]
    #expect(try settings([:], environment: others)[Settings.engine] == "sqlite:/tmp/x.db")
    // A name without a value says nothing.
    let empty = ["REDIS_HOST": "h", "CELERY_BROKER_URL": "", "LOG_LEVEL": "", "CELERY_CONCURRENCY": ""]
    #expect(try settings([:], environment: empty)[Settings.engine] == "redis://h:6379/0")
  }

  @Test(arguments: [
    ("REDIS_HOST", "u:geheim@h"), ("REDIS_HOST", "h:6379"), ("REDIS_PORT", "0"), ("REDIS_DB", "main"),
    ("REDIS_SSL", "maybe"),
    ("REDIS_PORT", "redis://:geheim@h:1"), ("REDIS_USERNAME", "u"),
  ]) func badPartsOfAnAddressAreReportedByTheirName(name: String, value: String) {
    let error = #expect(throws: SettingsError.self) {
      try settings([:], environment: ["REDIS_HOST": "h"].merging([name: value]) { $1 })
    }
    #expect(error?.description.hasPrefix(name) == true)
    #expect(error?.description.contains("geheim") == false)
  }

  @Test func celerysVariablesAreReadBehindOurs() throws {
    let theirs = ["CELERY_BROKER_URL": "redis://theirs/0", "CELERY_RESULT_BACKEND": "redis://theirs/0"]
    #expect(try EngineChoice(settings([:], environment: theirs)) == .redis(RedisEndpoint(url: "redis://theirs/0")))
    let both = theirs.merging(["CELERITY_ENGINE": "redis://ours/0", "CELERITY_RESULTS": ""]) { $1 }
    #expect(try EngineChoice(settings([:], environment: both)) == .redis(RedisEndpoint(url: "redis://ours/0")))
  }

  @Test func passwordsAreNotShown() throws {
    let view = SettingsView(
      try settings(["engine": "sentinel://:geheim@a:1;sentinel://:geheim@b:2?master_name=m&sentinel_password=geheim"]))
    #expect(!view.json.description.contains("geheim"))
    #expect(view.json.description.contains("sentinel_password=***"))
  }

  @Test func rolesOfTheirOwnLeaveTheFileToItsOwner() throws {
    let error = #expect(throws: UsageError.self) { try RoleRun.refuseFile("worker", settings(["data": "/srv/c"])) }
    #expect(error?.message.contains("/srv/c/celerity.db") == true)
    #expect(error?.hint?.contains("--engine redis://") == true)
    #expect(error?.hint?.contains("celerity dev") == true)
    try RoleRun.refuseFile("worker", settings(["engine": "redis://h"]))
  }
}

@Suite struct HostNameTests {
  private let host = HostName(name: "web1.shop.example", process: 42)

  @Test(arguments: [
    ("celery@%h", "celery@web1.shop.example"), ("w1@%n", "w1@web1"), ("w1@%d", "w1@shop.example"), ("w1", "celery@w1"),
    ("@x", "celery@x"), ("100%%@%h", "100%@web1.shop.example"), ("a%", "celery@a%"), ("%i@%h", "%i@web1.shop.example"),
  ]) func namesOfWorkersExpandAsCelerys(pattern: String, name: String) {
    #expect(host.workerName(pattern) == name)
  }

  @Test func aHostWithoutADomainHasNone() {
    #expect(HostName(name: "web1", process: 1).workerName("w@%n.%d") == "w@web1.")
    #expect(host.serverName("%h:%p") == "web1.shop.example:42")
  }
}

@Suite struct PlatformSettingsTests {
  private func platform(_ flags: [String: String]) throws -> PlatformSettings {
    try PlatformSettings(SettingsReader(flags: flags, environment: [:], file: nil).read(), services: [])
  }

  @Test func aWorkerTakesTheQueuesOfItsTasksAndThoseOfClientsThatNameNone() throws {
    let registry = try TaskRegistry([])
    #expect(try platform([:]).queues(registry) == ["celery", "default"])
    #expect(try platform(["worker.queues": "b,a"]).queues(registry) == ["b", "a"])
    #expect(try platform(["worker.queues": "b,a", "worker.exclude_queues": "b"]).queues(registry) == ["a"])
    #expect(try platform(["worker.exclude_queues": "default"]).queues(registry) == ["celery"])
  }

  @Test func aStandbyTakesOverSoonOnlyWhereThereCanBeOne() throws {
    #expect(try platform([:]).leadership == .seconds(90))
    #expect(try platform(["engine": "redis://h"]).leadership == .seconds(15))
  }

  @Test func aPageOfProbesIsThereWhenAPortIsGiven() throws {
    #expect(try platform([:]).page == nil)
    #expect(try platform(["health.port": "9001"]).page != nil)
  }
}

@Suite struct BannerTests {
  private func banner(_ roles: RoleSet, address: String? = nil, durability: String? = nil) -> String {
    made(roles, address: address, durability: durability).text
  }

  private func made(_ roles: RoleSet, address: String? = nil, durability: String? = nil) -> Banner {
    Banner(
      roles: roles, version: "1", address: address, store: "redis://h:6379/0", durability: durability,
      worker: "celery@h", queues: ["a", "b"], concurrency: 4, tasks: ["x.y"], startupSeconds: 0.025)
  }

  @Test func aMachineIsToldTheSameInFields() {
    let worker = made([.worker, .scheduler]).metadata
    #expect(worker["roles"] == "worker and scheduler")
    #expect(worker["queues"] == "a,b")
    #expect(worker["concurrency"] == .stringConvertible(4))
    #expect(worker["startup_ms"] == .stringConvertible(25))
    #expect(worker["address"] == nil && worker["durability"] == nil)
    let gateway = made(.gateway, address: "http://127.0.0.1:8000", durability: "durable").metadata
    #expect(gateway["address"] == "http://127.0.0.1:8000")
    #expect(gateway["durability"] == "durable")
    #expect(gateway["worker"] == nil && gateway["queues"] == nil)
  }

  @Test func eachRoleSaysWhatItIsAndWhereItsTasksAre() {
    let worker = banner(.worker)
    #expect(worker.contains("Celerity 1 is ready in 25 ms: worker\n"))
    #expect(worker.contains("Engine   redis://h:6379/0\n"))
    #expect(worker.contains("Worker   celery@h, 4 at once: x.y\n"))
    #expect(worker.contains("Queues   a, b\n"))
    #expect(!worker.contains("API"))
    let gateway = banner(.gateway, address: "http://127.0.0.1:8000")
    #expect(gateway.contains("API      http://127.0.0.1:8000"))
    #expect(!gateway.contains("Queues"))
    let page = banner(.worker, address: "http://127.0.0.1:9001")
    #expect(page.contains("Health   http://127.0.0.1:9001/readyz and http://127.0.0.1:9001/metrics"))
    #expect(!page.contains("curl"))
    #expect(banner([.worker, .scheduler]).contains(": worker and scheduler\n"))
    #expect(banner(.all, address: "x", durability: "durable").contains("Data     redis://h:6379/0 (SQLite, durable)"))
  }
}
