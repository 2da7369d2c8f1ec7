import CelerityCore
import CelerityJSON
import CeleryWire
import NIOCore
import RESPClient
import Synchronization
import Testing

@testable import RedisEngine

/// A client and monitor of Celery's kind on the keys of a store: broadcasts commands, waits for answers, hears events.
final class CeleryClient: Sendable {
  struct Heard: Sendable {
    var channel: String
    var event: RawJSON
    var type: String { event["type"]?.stringValue ?? "" }
  }

  let names: FanoutNames
  let client: RedisClient
  private let listening: Task<Void, Never>
  private let events: AsyncStream<Heard>
  private let id = "23af7b6f-1d36-30a5-96f0-70b6689af423"

  /// Listens when it returns.
  init(_ store: RedisStore) async {
    let names = FanoutNames(prefix: store.configuration.keyPrefix, database: 0)
    self.names = names
    client = RedisClient(RedisConfiguration(store.configuration.endpoint))
    let (events, feed) = AsyncStream.makeStream(of: Heard.self)
    let (ready, signal) = AsyncStream.makeStream(of: Void.self)
    self.events = events
    let configuration = client.configuration
    listening = Task {
      await RedisSubscription(configuration, patterns: [names.event("*")]).run { message in
        switch message {
        case .subscribed: signal.finish()
        case .message(let channel, _, let bytes):
          for event in Self.events(bytes) { feed.yield(Heard(channel: channel, event: event)) }
        }
      }
    }
    for await _ in ready {}
  }

  private static func events(_ bytes: ByteBuffer) -> [RawJSON] {
    guard let envelope = try? Envelope(Array(bytes.readableBytesView)),
      let body = try? RawJSON(validating: envelope.body)
    else { return [] }
    return body.elements() ?? [body]
  }

  /// The next event of a type; those before it are passed over.
  func next(_ type: String) async throws -> Heard {
    for await heard in events where heard.type == type { return heard }
    throw CancellationError()
  }

  func close() async {
    listening.cancel()
    await listening.value
    await client.close()
  }

  // MARK: Commands

  /// Waits for replies from now on, as kombu's clients do.
  func bindReplies() async throws {
    let queue = "\(id).reply.celery.pidbox"
    try await client.send(
      RESPCommand(
        "SADD", .text(names.table("reply.celery.pidbox")), .text(FanoutNames.entry(key: id, queue: queue))))
  }

  /// Broadcasts a command; answers how many heard it.
  @discardableResult
  func cast(_ method: String, _ arguments: String = "{}", reply: Bool = false) async throws -> Int64 {
    let address = #", "reply_to": {"exchange": "reply.celery.pidbox", "routing_key": "\#(id)"}"#
    let body = try RawJSON(
      validating: """
        {"method": "\(method)", "arguments": \(arguments), "destination": null, "pattern": null, "matcher": null,
        "ticket": "t1"\(reply ? address : "")}
        """)
    let envelope = TransientEnvelope(
      body, headers: [("clock", .integer(40)), ("expires", .integer(0))], exchange: "celery.pidbox", routingKey: "")
    let bytes = ByteBuffer(bytes: envelope.bytes(deliveryTag: "d"))
    return try await client.send(RESPCommand("PUBLISH", .text(names.mailbox), .bytes(bytes))).integer ?? 0
  }

  /// Asks and waits for the one answer.
  func ask(_ method: String, _ arguments: String = "{}") async throws -> RawJSON {
    try await bindReplies()
    try await cast(method, arguments, reply: true)
    let reply = try await client.send(
      RESPCommand("BRPOP", .text("\(names.prefix)\(id).reply.celery.pidbox"), 10))
    let bytes = try #require(reply.elements?.last?.bytes, "no answer to \(method)")
    let envelope = try Envelope(Array(bytes.readableBytesView))
    #expect(envelope.headers.first { $0.name == "ticket" }?.value.stringValue == "t1")
    let answers = try #require(try RawJSON(validating: envelope.body).members())
    #expect(answers.map(\.name) == ["w1@host1"])
    return try #require(answers.first?.value)
  }

  func text(_ key: String) async throws -> String? {
    try await client.send(RESPCommand("GET", .text("\(names.prefix)\(key)"))).string
  }
}
