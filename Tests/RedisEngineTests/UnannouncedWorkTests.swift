import CelerityCore
import CelerityTesting
import CeleryWire
import NIOCore
import RESPClient
import RedisEngine
import Testing

@Suite("Work that nothing announces", .sharedRedis)
struct UnannouncedWorkTests {
  private let request = FetchRequest(
    queues: ["celery"], limit: 1, worker: "w", lease: .seconds(60), wait: .seconds(600))

  @Test("It is found after a silence and counted; what is announced is not counted")
  func counted() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    let told = Task { try await store.fetch(request) }
    await time.waitForSleepers()
    _ = try await store.submit([Submission(TaskMessage(id: TaskID(stored: "told"), task: "work", queue: "celery"))])
    #expect(try await told.value.map(\.message.id.text) == ["told"])
    #expect(store.unannouncedWork == 0)

    let untold = Task { try await store.fetch(request) }
    await time.waitForSleepers()
    try await pushUnheard("untold", stand)
    time.advance(by: .seconds(10))
    #expect(try await untold.value.map(\.message.id.text) == ["untold"])
    #expect(store.unannouncedWork == 1)
    await stand.close()
  }

  /// Publishes as a foreign program does, for a tenant: it tells nobody, and only the default tenant's lists are looked at.
  private func pushUnheard(_ id: String, _ stand: Stand) async throws {
    let message = TaskMessage(id: TaskID(stored: id), task: "work", queue: "celery", tenant: Tenant(stored: "guest"))
    let envelope = MessageWriter(origin: "gen1@client").envelope(message, deliveryTag: "d")
    let client = try stand.client()
    try await client.send(RESPCommand("SADD", .text("\(stand.prefix)celerity:tenants"), "guest"))
    try await client.send(
      RESPCommand("LPUSH", .text("\(stand.prefix)guest/celery"), .bytes(ByteBuffer(bytes: envelope))))
    await client.close()
  }
}
