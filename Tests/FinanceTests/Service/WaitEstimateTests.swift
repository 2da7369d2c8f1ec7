import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Finance

@Suite struct WaitEstimateTests {
  private let platform = TestPlatform()
  private let estimate = WaitEstimate()

  private func seconds(_ queue: String = "finance", _ tenant: Tenant = .default) async -> Double? {
    await estimate.seconds(queue: queue, tenant: tenant, platform.environment)
  }

  private func fill(_ count: Int, queue: String = "finance", tenant: Tenant = .default, eta: Timestamp? = nil)
    async throws
  {
    let ids = UUIDv7()
    let messages = (0..<count).map { _ in
      TaskMessage(id: TaskID(stored: ids.next()), task: "t", queue: queue, tenant: tenant, eta: eta)
    }
    _ = try await platform.store.submit(messages.map { Submission($0) })
  }

  @Test("S4.37: An idle platform lets nobody wait")
  func idle() async throws {
    try await platform.announce(slots: 4)
    #expect(await seconds() == 0)
  }

  @Test(
    "S4.37: Under load it is the rounds before a task, rounded up, times the mean time of a task",
    arguments: [(1, 3.0), (4, 3.0), (5, 6.0), (8, 6.0), (9, 9.0), (100, 75.0)])
  func load(depth: Int, wanted: Double) async throws {
    try await platform.announce(slots: 4)
    try await fill(2)
    try await platform.finishOne(after: .seconds(2))
    try await platform.finishOne(after: .seconds(4))
    try await fill(depth)
    #expect(await seconds() == wanted)
  }

  @Test("Only workers that take from the queue and go on count")
  func slots() async throws {
    try await platform.announce(slots: 2)
    try await platform.announce(slots: 2, name: "w2", queues: ["other", "finance"])
    try await platform.announce(slots: 50, name: "w3", queues: ["other"])
    try await platform.announce(slots: 50, name: "w4", isDraining: true)
    try await fill(1)
    try await platform.finishOne(after: .seconds(1))
    try await fill(8)
    #expect(await seconds() == 2)
  }

  @Test("Nobody can tell while no worker takes from the queue or no task has ended")
  func unknown() async throws {
    #expect(await seconds() == nil)
    try await fill(3)
    platform.time.advance(by: .seconds(1))
    #expect(await seconds() == nil)
    try await platform.announce(slots: 1)
    platform.time.advance(by: .seconds(1))
    #expect(await seconds() == nil)
    try await platform.finishOne(after: .seconds(5))
    #expect(await seconds() == 10)
  }

  @Test("Delayed tasks are not before a new one")
  func delayed() async throws {
    try await platform.announce(slots: 1)
    try await fill(1)
    try await platform.finishOne(after: .seconds(1))
    try await fill(10, eta: platform.time.now + .seconds(3600))
    #expect(await seconds() == 0)
  }

  @Test("A queue is looked at once a second at most")
  func cached() async throws {
    try await platform.announce(slots: 1)
    try await fill(1)
    try await platform.finishOne(after: .seconds(1))
    #expect(await seconds() == 0)
    try await fill(3)
    platform.time.advance(by: .milliseconds(999))
    #expect(await seconds() == 0)
    platform.time.advance(by: .milliseconds(1))
    #expect(await seconds() == 3)
  }

  @Test("Queues and tenants have estimates of their own")
  func apart() async throws {
    try await platform.announce(slots: 1, queues: ["finance", "reports"])
    try await fill(1)
    try await platform.finishOne(after: .seconds(2))
    try await fill(5)
    let other = try #require(Tenant("other"))
    #expect(await seconds() == 10)
    #expect(await seconds("reports") == 0)
    #expect(await seconds("finance", other) == 0)
    #expect(await seconds("nobody") == nil)
  }

  @Test("A submission answers the estimate, and null when there is none")
  func answer() async throws {
    let service = FinanceService()
    let body = #"{"data": {"amount": 10000, "rate": 0.05}}"#
    let early = try await platform.call("POST", "/tasks", body, service: service)
    #expect(early.status == 202)
    #expect(early.body["estimated_wait_time_seconds"] == .null)
    try await platform.announce(slots: 1)
    try await platform.finishOne(after: .seconds(4))
    let idle = try await platform.call("POST", "/tasks", body, service: service)
    #expect(try idle.body.number("estimated_wait_time_seconds") == 0)
    platform.time.advance(by: .seconds(1))
    let loaded = try await platform.call("POST", "/tasks", body, service: service)
    #expect(try loaded.body.number("estimated_wait_time_seconds") == 4)
  }
}
