import CelerityCore
import CelerityJSON
import CelerityTesting
import CeleryWire
import NIOCore
import RESPClient
import Testing

@testable import RedisEngine

@Suite("Answers that are lost, and claims that are lost on the way", .sharedRedis)
struct LostAnswerTests {
  private let key = TaskKey(TaskID(stored: "a"))
  private let request = FetchRequest(queues: ["celery"], limit: 1, worker: "w", lease: .seconds(30), wait: .zero)

  private func start(_ store: RedisStore) async throws -> Delivery {
    _ = try await store.submit([Submission(TaskMessage(id: key.id, task: "work", queue: "celery"))])
    return try #require(try await store.fetch(request).first)
  }

  /// Settles, and hears no answer.
  private func settleUnheard(_ store: RedisStore, _ settlement: Settlement, _ proxy: LossyProxy) async throws {
    proxy.loseNextAnswer()
    let error = await #expect(throws: EngineError.self) { try await store.settle([settlement]) }
    #expect(error?.isRetryable == true)
  }

  @Test("A settlement whose answer was lost is answered as committed when it is repeated")
  func repeated() async throws {
    let (stand, time, proxy) = (Stand(), TestTime(), try await LossyProxy.start())
    let endpoint = try proxy.endpoint()
    let store = try await stand.open(time) { $0.endpoint = endpoint }
    let settlement = Settlement(try await start(store), .success(.true))
    try await settleUnheard(store, settlement, proxy)
    let record = try #require(try await store.records([key])[0].record)
    #expect(record.state == .success)
    #expect(try await store.settle([settlement]) == [.committed(.success, seq: record.seq)])
    #expect(try await store.records([key])[0].record?.seq == record.seq)
    #expect(try await store.counters().staleSettlements == 0)
    // Who has had an answer and asks again is too late.
    #expect(try await store.settle([settlement]) == [.stale])
    await stand.close()
    await proxy.close()
  }

  @Test("It is so although the task waits again, and beside others of a batch")
  func waitsAgain() async throws {
    let (stand, time, proxy) = (Stand(), TestTime(), try await LossyProxy.start())
    let endpoint = try proxy.endpoint()
    let store = try await stand.open(time) { $0.endpoint = endpoint }
    let failure = TaskFailure(type: "ValueError", message: "boom")
    let settlement = Settlement(try await start(store), .retry(after: .seconds(60), failure))
    try await settleUnheard(store, settlement, proxy)
    _ = try await store.submit([Submission(TaskMessage(id: TaskID(stored: "b"), task: "work", queue: "celery"))])
    let other = try #require(try await store.fetch(request).first)
    let results = try await store.settle([settlement, Settlement(other, .success(.true))])
    guard results.count == 2, case .committed(.retry, let first) = results[0],
      case .committed(.success, let second) = results[1]
    else {
      Issue.record("\(results)")
      return
    }
    #expect(first < second)
    #expect(try await store.records([key])[0].record?.message.retries == 1)
    await stand.close()
    await proxy.close()
  }

  @Test("An attempt that others have ended meanwhile is too late, answer or not")
  func othersAttempt() async throws {
    let (stand, time, proxy) = (Stand(), TestTime(), try await LossyProxy.start())
    let endpoint = try proxy.endpoint()
    let store = try await stand.open(time) { $0.endpoint = endpoint }
    let settlement = Settlement(try await start(store), .success(.true))
    time.advance(by: .seconds(31))
    #expect(try await store.maintain(MaintenanceRequest()).reclaimed == 1)
    try await settleUnheard(store, settlement, proxy)
    #expect(try await store.settle([settlement]) == [.stale])
    #expect(try await store.records([key])[0].record?.state == .pending)
    await stand.close()
    await proxy.close()
  }

  @Test("A message whose claim was taken back while it was taken over begins no attempt")
  func lateAdoption() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    let client = try stand.client()
    let envelope = MessageWriter(origin: "gen1@client").envelope(
      TaskMessage(id: key.id, task: "work", queue: "celery"), deliveryTag: "d1")
    try await client.send(
      RESPCommand("LPUSH", .text("\(stand.prefix)celery"), .bytes(ByteBuffer(bytes: envelope))))
    let claims = try await store.take(1, request)
    #expect(claims.claims.map(\.isOwn) == [false])
    time.advance(by: .seconds(31))
    #expect(try await store.maintain(MaintenanceRequest()).reclaimed == 1)
    #expect(try await store.begin(claims, worker: "w").isEmpty)
    #expect(try await store.records([key]) == [.unknown])
    let replies = try await client.send([
      RESPCommand("LLEN", .text("\(stand.prefix)celery")), RESPCommand("HGET", .text(store.keys.leased), "celery"),
    ])
    #expect(replies.map(\.integer) == [1, 0])
    // It is there for the next one, under a lease that ends.
    #expect(try await store.fetch(request).map(\.key) == [key])
    time.advance(by: .seconds(31))
    #expect(try await store.maintain(MaintenanceRequest()).reclaimed == 1)
    #expect(try await store.fetch(request).map(\.key) == [key])
    await client.close()
    await stand.close()
  }
}
