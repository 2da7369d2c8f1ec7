import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import Testing

@testable import Finance

@Suite struct HealthTests {
  private func health(_ platform: TestPlatform, _ service: FinanceService) async throws -> RawJSON {
    let answer = try await platform.call("GET", "/api/v1/health", service: service)
    #expect(answer.status == 200)
    return answer.body
  }

  private func put(_ count: Int, _ priority: Priority?, _ platform: TestPlatform, task: String = OptimizePortfolio.name)
    async throws
  {
    let ids = UUIDv7()
    for _ in 0..<count {
      let message = TaskMessage(id: TaskID(stored: ids.next()), task: task, queue: "finance", priority: priority)
      _ = try await platform.store.submit([Submission(message)])
    }
  }

  @Test("S4.05: A healthy service names its server, its parts and what waits")
  func healthy() async throws {
    let platform = TestPlatform()
    try await platform.announce(slots: 1)
    let health = try await health(platform, FinanceService())
    #expect(
      health.description
        == #"{"status":"healthy","version":"1.2.3","server_id":"host:7","timestamp":"2026-11-21T05:00:00.000000Z","#
        + #""dependencies":{"redis":"connected","celery_broker":"connected","celery_workers":"connected"},"#
        + #""queue_stats":{"high":0,"medium":0,"low":0}}"#)
  }

  @Test("S4.05, C4.11: The numbers are what waits, by priority, in whatever queue, and nothing else")
  func numbers() async throws {
    let platform = TestPlatform()
    let service = FinanceService()
    try await put(4, .high, platform)
    try await put(2, Priority(9), platform)
    try await put(3, nil, platform)
    try await put(1, Priority(3), platform)
    try await put(5, .low, platform)
    try await put(7, .low, platform, task: "shop.bill")
    #expect(try await health(platform, service)["queue_stats"]?.description == #"{"high":6,"medium":3,"low":6}"#)
    try await platform.finishOne(after: .seconds(1))
    _ = try await platform.store.fetch(FetchRequest(queues: ["finance"], limit: 3, worker: "w1"))
    #expect(try await health(platform, service)["queue_stats"]?.description == #"{"high":2,"medium":3,"low":6}"#)
    _ = try await platform.store.control([.purge(QueueKey("finance"))])
    platform.time.advance(by: .seconds(1))
    #expect(try await health(platform, service)["queue_stats"]?.description == #"{"high":0,"medium":0,"low":0}"#)
  }

  @Test("S4.05: Without a worker that takes its tasks the service is degraded")
  func workers() async throws {
    let platform = TestPlatform()
    let service = FinanceService()
    func word() async throws -> String? {
      platform.time.advance(by: .seconds(1))
      let health = try await health(platform, service)
      #expect(
        try health.text("status")
          == (health["dependencies"]?["celery_workers"] == .string("connected") ? "healthy" : "degraded"))
      return health["dependencies"]?["celery_workers"]?.stringValue
    }
    #expect(try await word() == "disconnected")
    try await platform.announce(slots: 1, name: "draining", isDraining: true)
    #expect(try await word() == "disconnected")
    try await platform.announce(slots: 1, name: "good")
    #expect(try await word() == "connected")
    try await platform.store.withdraw("good")
    #expect(try await word() == "disconnected")
  }

  @Test(
    "A part that fails is disconnected and the others are not",
    arguments: [(BrokenStore.Part.records, "redis"), (.queues, "celery_broker"), (.workers, "celery_workers")])
  func failing(part: BrokenStore.Part, name: String) async throws {
    let store = BrokenStore()
    let platform = TestPlatform(broken: store)
    let service = FinanceService()
    try await platform.announce(slots: 1)
    store.fail(part)
    let broken = try await health(platform, service)
    #expect(try broken.text("status") == "degraded")
    for other in ["redis", "celery_broker", "celery_workers"] {
      #expect(broken["dependencies"]?[other]?.stringValue == (other == name ? "disconnected" : "connected"))
    }
    store.mend()
    platform.time.advance(by: .seconds(1))
    #expect(try await health(platform, service).text("status") == "healthy")
  }

  @Test("A store that hangs is disconnected after a second, and at once for those who ask later")
  func hanging() async throws {
    let store = BrokenStore()
    let platform = TestPlatform(broken: store)
    let service = FinanceService()
    store.hang(.records, .queues, .workers, .tally)
    async let first = health(platform, service)
    await platform.time.waitForSleepers(4)
    platform.time.advance(by: .seconds(1))
    for _ in 0..<3 {
      let later = try await health(platform, service)
      #expect(
        later["dependencies"]?.description
          == #"{"redis":"disconnected","celery_broker":"disconnected","celery_workers":"disconnected"}"#)
      #expect(later["queue_stats"]?.description == #"{"high":null,"medium":null,"low":null}"#)
    }
    #expect(try await first.text("status") == "degraded")
    #expect(store.count(.records) == 1)
    #expect(store.count(.queues) == 1)
    store.mend()
  }

  @Test("However many ask, the parts are asked twice a second at most")
  func shared() async throws {
    let store = BrokenStore()
    let platform = TestPlatform(broken: store)
    let service = FinanceService()
    for _ in 0..<20 {
      _ = try await health(platform, service)
      platform.time.advance(by: .milliseconds(100))
    }
    #expect(store.count(.records) == 4)
    #expect(store.count(.workers) == 4)
  }
}
