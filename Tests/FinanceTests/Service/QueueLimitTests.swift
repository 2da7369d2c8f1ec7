import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Finance

@Suite struct QueueLimitTests {
  private static let body = #"{"data": {"amount": 10000, "rate": 0.05}}"#

  private func submit(_ platform: TestPlatform, _ body: String = Self.body) async throws -> Int {
    try await platform.call("POST", "/tasks", body, service: FinanceService()).status
  }

  private func depth(_ platform: TestPlatform, _ queue: String = "finance") async throws -> Int {
    try await platform.store.queues(of: .default).first { $0.key.name == queue }?.depth ?? 0
  }

  @Test("S4.36: Five hundred are taken; the next is QUEUE_FULL with its sizes, and nothing else changes")
  func fiveHundred() async throws {
    let platform = TestPlatform()
    for _ in 0..<500 { #expect(try await submit(platform) == 202) }
    let before = try await platform.store.list(RecordQuery(limit: 1000)).records
    let answer = try await platform.call("POST", "/api/v1/tasks", Self.body, service: FinanceService())
    #expect(answer.status == 503)
    #expect(answer.headers["Retry-After"] == "30")
    let error = try #require(answer.body["error"])
    #expect(try error.text("code") == "QUEUE_FULL")
    #expect(error["details"]?.description == #"{"queue":"finance","current_size":500,"max_size":500}"#)
    #expect(try error.text("request_id") == "request-1")
    #expect(try await platform.store.list(RecordQuery(limit: 1000)).records == before)
  }

  @Test("A task that starts makes room for one")
  func room() async throws {
    let platform = TestPlatform(queueLimit: 2)
    #expect(try await submit(platform) == 202)
    #expect(try await submit(platform) == 202)
    #expect(try await submit(platform) == 503)
    _ = try await platform.store.fetch(FetchRequest(queues: ["finance"], limit: 1, worker: "w"))
    #expect(try await submit(platform) == 202)
    #expect(try await submit(platform) == 503)
  }

  @Test("Each queue has the limit for itself, and everything in it counts, whoever put it there")
  func queues() async throws {
    let platform = TestPlatform(queueLimit: 3)
    let ids = UUIDv7()
    for eta in [nil, platform.time.now + .seconds(60)] {
      let message = TaskMessage(id: TaskID(stored: ids.next()), task: "shop.bill", queue: "finance", eta: eta)
      _ = try await platform.store.submit([Submission(message)])
    }
    #expect(try await submit(platform) == 202)
    #expect(try await submit(platform) == 503)
    #expect(try await submit(platform, #"{"data": {"amount": 1, "rate": 0.05}, "queue": "reports"}"#) == 202)
  }

  @Test("Nought is no limit")
  func unlimited() async throws {
    let platform = TestPlatform(queueLimit: 0)
    for _ in 0..<520 { #expect(try await submit(platform) == 202) }
  }

  @Test("What is refused for another reason is refused for that")
  func order() async throws {
    let platform = TestPlatform(queueLimit: 1)
    #expect(try await submit(platform) == 202)
    #expect(try await submit(platform, #"{"data": {"amount": -1, "rate": 0.05}}"#) == 422)
  }

  @Test("Clients that submit at once never exceed the limit, and fill it")
  func concurrent() async throws {
    let platform = TestPlatform(queueLimit: 100)
    let statuses = try await withThrowingTaskGroup(of: [Int].self) { group in
      for _ in 0..<20 {
        group.addTask {
          var statuses: [Int] = []
          for _ in 0..<10 { statuses.append(try await submit(platform)) }
          return statuses
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(statuses.filter { $0 == 202 }.count == 100)
    #expect(statuses.filter { $0 == 503 }.count == 100)
    #expect(try await depth(platform) == 100)
  }

  @Test("Whatever comes and goes, a submission is taken exactly while there is room", arguments: 0..<5)
  func model(seed: Int) async throws {
    var random = SeededRandom(seed: UInt64(seed))
    let limit = 1 + random.below(8)
    let platform = TestPlatform(queueLimit: limit)
    var waiting = 0
    for _ in 0..<200 {
      switch random.below(5) {
      case 0:
        let taken = try await platform.store.fetch(FetchRequest(queues: ["finance"], limit: 1, worker: "w"))
        waiting -= taken.count
      case 1 where random.oneIn(8):
        _ = try await platform.store.control([.purge(QueueKey("finance"))])
        waiting = 0
      default:
        #expect(try await submit(platform) == (waiting < limit ? 202 : 503))
        waiting = min(waiting + 1, limit)
      }
      #expect(try await depth(platform) == waiting)
    }
  }

  @Test("C4.7: The limit is a setting with a default, bounds and the name that others gave it")
  func setting() throws {
    let setting = FinanceService.queueLimit
    let range = try #require(setting.range)
    #expect(setting.name == "finance.queue_limit")
    #expect(setting.defaultValue == 500)
    #expect(range.contains(0) && range.contains(setting.defaultValue))
    #expect(setting.otherEnvironmentNames == ["MAX_QUEUE_SIZE"])
    #expect(FinanceService().settings.map(\.name) == [setting.name])
  }
}
