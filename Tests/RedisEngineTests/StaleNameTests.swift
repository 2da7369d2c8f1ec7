import CelerityCore
import CelerityTesting
import RESPClient
import Testing

@testable import RedisEngine

/// Between the look at a set of due tasks and the look at its tasks others may have done the duty, and the tasks may have run
/// and wait anew. Such a name is played here by a score that is earlier than what the record says.
@Suite("Names of tasks that were due when a duty looked and are no more", .sharedRedis)
struct StaleNameTests {
  private let key = TaskKey(TaskID(stored: "a"))
  private let duty = MaintenanceRequest(limit: 10)

  private func message(_ time: TestTime, expires: Duration? = nil) -> TaskMessage {
    TaskMessage(
      id: key.id, task: "work", queue: "celery", eta: time.now + .seconds(60),
      expires: expires.map { time.now + $0 })
  }

  /// Gives the task an earlier time in a set, lets the duty be done, and answers the time it has there then.
  private func doDuty(_ store: RedisStore, _ stand: Stand, naming set: String) async throws -> Double? {
    let client = try stand.client()
    _ = try await client.send(RESPCommand("ZADD", .text(set), 1, .text(key.text)))
    let report = try await store.maintain(duty)
    #expect(report.promoted == 0 && report.expired == 0 && report.purged == 0)
    let score = try await client.send(RESPCommand("ZSCORE", .text(set), .text(key.text))).double
    await client.close()
    return score
  }

  @Test("A task that waits for its next attempt keeps its place among the delayed")
  func delayed() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    _ = try await store.submit([Submission(message(time))])
    let due = (time.now + .seconds(60)).microseconds
    #expect(try await doDuty(store, stand, naming: store.keys.delay) == Double(due))
    time.advance(by: .seconds(61))
    #expect(try await store.maintain(duty).promoted == 1)
    await stand.close()
  }

  @Test("A task that expires later keeps its place among those that expire")
  func expiring() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    _ = try await store.submit([Submission(message(time, expires: .seconds(30)))])
    let end = (time.now + .seconds(30)).microseconds
    #expect(try await doDuty(store, stand, naming: store.keys.expiring) == Double(end))
    time.advance(by: .seconds(31))
    #expect(try await store.maintain(duty).expired == 1)
    await stand.close()
  }

  @Test("A task that has ended anew is kept as long as one that ended then")
  func ended() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    // So that the retention reaches back to the score it is given.
    time.advance(by: .seconds(604_801))
    _ = try await store.submit([Submission(message(time))])
    _ = try await store.cancel([CancelRequest(key)])
    #expect(try await doDuty(store, stand, naming: store.keys.ended(.revoked)) ?? 1 > 1)
    #expect(try await store.records([key])[0].record?.state == .revoked)
    await stand.close()
  }

  @Test("A name that no record stands for is dropped")
  func unknown() async throws {
    let (stand, time) = (Stand(), TestTime())
    let store = try await stand.open(time)
    #expect(try await doDuty(store, stand, naming: store.keys.delay) == nil)
    await stand.close()
  }
}
