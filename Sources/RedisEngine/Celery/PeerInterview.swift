import CelerityCore
import CelerityJSON
import CeleryWire
import NIOCore
import RESPClient

/// Asks Celery's workers what their heartbeats do not tell: their queues, their tasks, how many they run at once.
struct PeerInterview: Sendable {
  /// What a worker has answered; what it has not stays as it was.
  struct Answers: Sendable, Hashable {
    var queues: [String]?
    var tasks: [String]?
    var concurrency: Int?
  }

  let client: RedisClient
  let names: FanoutNames
  let ids: any IDSource
  let time: any TimeSource

  /// Workers answer within a fraction of a second, or are busy with something else.
  private static let looks = 8
  private static let pause = Duration.milliseconds(125)
  private static let questions = [("active_queues", "queues"), ("registered", "tasks"), ("stats", "pool")]

  /// The answers of workers, by name. Takes about a second.
  func ask(_ nodes: [String]) async throws(RedisError) -> [String: Answers] {
    let key = ids.next()
    let exchange = "reply.\(names.control).pidbox"
    let queue = "\(key).\(exchange)"
    let table = RESPCommand.Argument.text(names.table(exchange))
    let entry = RESPCommand.Argument.text(FanoutNames.entry(key: key, queue: queue))
    let list = RESPCommand.Argument.text("\(names.prefix)\(queue)")
    var commands = [RESPCommand("SADD", table, entry)]
    for (method, ticket) in Self.questions {
      let bytes = ControlCast.message(method, to: nodes, reply: (key, ticket), tag: ids.next())
      commands.append(RESPCommand("PUBLISH", .text(names.mailbox), .bytes(ByteBuffer(bytes: bytes))))
    }
    _ = try await client.send(commands)
    var answers: [String: Answers] = [:]
    var missing = nodes.count * Self.questions.count
    for _ in 0..<Self.looks where missing > 0 && !Task.isCancelled {
      try? await time.sleep(for: Self.pause)
      let replies = try await client.send(RESPCommand("LPOP", list, 1000)).elements ?? []
      for reply in replies { Self.read(reply, into: &answers) }
      missing -= replies.count
    }
    _ = try await client.send([RESPCommand("SREM", table, entry), RESPCommand("DEL", list)])
    return answers
  }

  private static func read(_ reply: RESPValue, into answers: inout [String: Answers]) {
    guard let bytes = reply.bytes, let envelope = try? Envelope(Array(bytes.readableBytesView)),
      let ticket = envelope.headers.first(where: { $0.name == "ticket" })?.value.stringValue,
      let body = try? RawJSON(validating: envelope.body)
    else { return }
    for member in body.members() ?? [] {
      switch ticket {
      case "queues":
        answers[member.name, default: Answers()].queues = member.value.elements()?.compactMap {
          $0["name"]?.stringValue
        }
      case "tasks":
        // A name may be followed by attributes, `shop.ship [rate_limit=10/m]`.
        answers[member.name, default: Answers()].tasks = member.value.elements()?.compactMap { task in
          task.stringValue.map { String($0.prefix { $0 != " " }) }
        }
      default:
        answers[member.name, default: Answers()].concurrency =
          member.value["pool"]?["max-concurrency"]?.int64Value.flatMap { Int(exactly: $0) }
      }
    }
  }
}
