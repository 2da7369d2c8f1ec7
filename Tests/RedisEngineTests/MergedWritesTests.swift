import CelerityCore
import CelerityTesting
import NIOCore
import RESPClient
import Testing

@testable import RedisEngine

/// What commands leave behind, as far as the commit script uses them.
private struct Server: Equatable {
  private var values: [String: [String]] = [:]
  private(set) var calls = 0

  static func == (one: Server, other: Server) -> Bool { one.values == other.values }

  mutating func run(_ operation: [RESPCommand.Argument]) {
    calls += 1
    let words = operation.map { argument -> String in
      switch argument {
      case .text(let text): text
      case .number(let number): String(number)
      case .bytes(let bytes): String(buffer: bytes)
      }
    }
    let key = words[2]
    let rest = Array(words[3...])
    switch words[1] {
    case "LPUSH": for word in rest { values[key, default: []].insert(word, at: 0) }
    case "RPUSH": values[key, default: []] += rest
    case "SADD", "ZADD", "HSET":
      let width = words[1] == "SADD" ? 1 : 2
      let name = words[1] == "ZADD" ? 1 : 0
      for start in stride(from: 0, to: rest.count, by: width) {
        put(rest[start + name], width == 1 ? "" : rest[start + 1 - name], in: key)
      }
    case "SREM", "ZREM", "HDEL": for word in rest { values[key]?.removeAll { $0.hasPrefix(word + "=") } }
    case "HINCRBY":
      let old = values[key]?.first { $0.hasPrefix(rest[0] + "=") }.flatMap { Int($0.dropFirst(rest[0].count + 1)) } ?? 0
      put(rest[0], String(old + (Int(rest[1]) ?? 0)), in: key)
    case "SET": values[key] = [rest[0]]
    case "DEL": for word in words[2...] { values[word] = nil }
    default: break
    }
    if values[key]?.isEmpty == true { values[key] = nil }
  }

  private mutating func put(_ name: String, _ value: String, in key: String) {
    values[key, default: []].removeAll { $0.hasPrefix(name + "=") }
    values[key, default: []].append("\(name)=\(value)")
    values[key]?.sort()
  }
}

@Suite struct MergedWritesTests {
  private func served(_ operations: [[RESPCommand.Argument]]) -> Server {
    var server = Server()
    for operation in operations { server.run(operation) }
    return server
  }

  @Test func aBatchBecomesOneCommandForEachKey() {
    let operations = (0..<100).flatMap { number -> [[RESPCommand.Argument]] in
      [
        ["!", "DEL", .text("gone:\(number)")], ["!", "LPUSH", "queue", .text("m\(number)")],
        ["!", "SADD", "queues", "queue"],
        ["!", "ZADD", "ended", .number(number), .text("t\(number)")], ["!", "HINCRBY", "leased", "queue", -1],
      ]
    }
    let merged = MergedWrites(operations).operations
    #expect(merged.count == 5)
    #expect(merged.contains(["!", "HINCRBY", "leased", "queue", -100]))
    #expect(merged.contains(["!", "SADD", "queues", "queue"]))
    #expect(served(merged) == served(operations))
  }

  @Test func whatWasDoneToAKeyInBetweenKeepsItsPlace() {
    let operations: [[RESPCommand.Argument]] = [
      ["!", "ZADD", "set", 1, "a"], ["!", "ZREM", "set", "a"], ["!", "ZADD", "set", 2, "a"], ["!", "DEL", "other"],
      ["!", "SET", "text", "x"], ["!", "DEL", "text"], ["!", "SET", "text", "y"],
    ]
    #expect(MergedWrites(operations).operations == operations)
    let own: [[RESPCommand.Argument]] = [
      ["!", "DEL", "meta"], ["t", 0, "meta", "old"], ["!", "DEL", "meta"], ["t", 0, "meta", "new"],
    ]
    #expect(MergedWrites(own).operations == own)
  }

  @Test func keysThatOnlyLookTheSameAreTwo() {
    let operations: [[RESPCommand.Argument]] = [
      ["!", "LPUSH", "caf\u{e9}", "a"], ["!", "LPUSH", "cafe\u{301}", "b"], ["!", "SADD", "queues", "caf\u{e9}"],
      ["!", "SADD", "queues", "cafe\u{301}"], ["!", "HINCRBY", "leased", "caf\u{e9}", 1],
      ["!", "HINCRBY", "leased", "cafe\u{301}", 1],
    ]
    let merged = MergedWrites(operations).operations
    #expect(merged.count == 5)
    #expect(merged.contains(["!", "SADD", "queues", "caf\u{e9}", "cafe\u{301}"]))
  }

  @Test func noCommandGetsTooLongForTheScriptsStack() {
    let operations = (0..<5000).map { ["!", "ZADD", "set", .number($0), .text("m\($0)")] as [RESPCommand.Argument] }
    let merged = MergedWrites(operations).operations
    #expect(merged.count == 11)
    #expect(merged.allSatisfy { $0.count <= MergedWrites.mostArguments })
    #expect(served(merged) == served(operations))
  }

  @Test(arguments: 0..<300) func anyOperationsLeaveTheSameBehind(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let operations = (0..<60).map { _ -> [RESPCommand.Argument] in
      let member = RESPCommand.Argument.text("m\(random.below(4))")
      let number = random.below(2)
      switch random.below(11) {
      case 0: return ["!", "ZADD", .text("zset\(number)"), .number(random.below(9)), member]
      case 1: return ["!", "ZREM", .text("zset\(number)"), member]
      case 2: return ["!", "SADD", .text("set\(number)"), member]
      case 3: return ["!", "SREM", .text("set\(number)"), member]
      case 4: return ["!", "HSET", .text("hash\(number)"), member, .number(random.below(9))]
      case 5: return ["!", "HDEL", .text("hash\(number)"), member]
      case 6: return ["!", "HINCRBY", .text("hash\(number)"), member, .number(random.below(9))]
      case 7: return ["!", "LPUSH", .text("list\(number)"), member]
      case 8: return ["!", "RPUSH", .text("list\(number)"), member]
      case 9: return ["!", "SET", .text("text\(number)"), member]
      default:
        let kinds = ["zset", "set", "hash", "list", "text"]
        return ["!", "DEL", .text("\(kinds[random.below(5)])\(number)"), .text("\(kinds[random.below(5)])\(number)")]
      }
    }
    let merged = served(MergedWrites(operations).operations)
    let plain = served(operations)
    #expect(merged == plain)
    #expect(merged.calls <= plain.calls)
  }
}
