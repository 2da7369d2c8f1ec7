import CelerityCore
import Testing

@testable import CelerityApp

/// What `doctor` makes of what a server tells of itself.
@Suite struct RedisCheckTests {
  private static let good = [
    "redis_version": "7.0.15", "role": "master", "aof_enabled": "1", "maxmemory": "0",
    "maxmemory_policy": "noeviction", "cluster_enabled": "0",
  ]

  private func findings(
    _ changes: [String: String] = [:], fsync: String? = "always", clockAhead: Duration = .milliseconds(2)
  ) -> [String: Finding] {
    let state = RedisCheck.State(
      info: Self.good.merging(changes) { $1 }, appendFsync: fsync, clockAhead: clockAhead,
      roundTrip: .microseconds(300))
    return Dictionary(uniqueKeysWithValues: RedisCheck.judged(state, at: "redis://h:6379/0").map { ($0.check, $0) })
  }

  @Test func aServerThatKeepsItsPromisesIsRight() {
    #expect(findings().values.allSatisfy { $0.level == .ok })
    #expect(findings().count == 4)
  }

  @Test(arguments: [
    (["redis_version": "6.0.16"], "redis", Finding.Level.error), (["redis_version": "6.2.0"], "redis", .ok),
    (["role": "slave"], "redis", .error), (["cluster_enabled": "1"], "redis cluster", .error),
    (["aof_enabled": "0"], "redis durability", .warning),
    (["maxmemory": "1000000", "maxmemory_policy": "allkeys-lru"], "redis memory", .error),
    (["maxmemory": "1000000", "used_memory": "950000"], "redis memory", .warning),
    (["maxmemory": "1000000", "used_memory": "1000"], "redis memory", .ok),
  ]) func eachDangerIsNamed(changes: [String: String], check: String, level: Finding.Level) {
    #expect(findings(changes)[check]?.level == level)
  }

  @Test(arguments: [("always" as String?, Finding.Level.ok), ("everysec", .warning), ("no", .warning), (nil, .ok)])
  func whatAPowerCutTakesIsSaid(fsync: String?, level: Finding.Level) {
    #expect(findings(fsync: fsync)["redis durability"]?.level == level)
  }

  @Test func aClockThatDiffersIsNamedWithItsSide() {
    #expect(findings(clockAhead: .seconds(30))["redis clock"]?.detail.contains("ahead of") == true)
    #expect(findings(clockAhead: .seconds(-30))["redis clock"]?.detail.contains("behind") == true)
    #expect(findings(clockAhead: .milliseconds(-900))["redis clock"]?.level == .ok)
  }

  @Test func everyFindingThatIsNotRightHasAFix() {
    let all = [findings(["cluster_enabled": "1", "aof_enabled": "0"]), findings(fsync: "no", clockAhead: .seconds(5))]
    #expect(all.flatMap(\.values).allSatisfy { $0.level == .ok || $0.fix != nil })
  }

  @Test func fieldsAreReadFromLines() {
    #expect(
      RedisCheck.fields("# Server\r\nredis_version:7.0\r\nurl:a:b\r\n\r\n") == ["redis_version": "7.0", "url": "a:b"])
  }
}
