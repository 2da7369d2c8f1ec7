import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import Testing

@testable import Finance

@Suite struct ListTests {
  private let platform = TestPlatform()
  private let service = FinanceService()

  private func page(_ query: String = "", path: String = "/tasks", tenant: Tenant = .default) async throws -> RawJSON {
    let answer = try await platform.call("GET", path + query, tenant: tenant, service: service)
    #expect(answer.status == 200, "\(query): \(answer.body)")
    return answer.body
  }

  private func ids(_ page: RawJSON) throws -> [String] {
    try #require(page["tasks"]?.elements()).map { try $0.text("task_id") }
  }

  @discardableResult
  private func put(
    _ id: String, task: String = CompoundInterest.name, queue: String = "finance", priority: Priority? = nil,
    tenant: Tenant = .default
  ) async throws -> TaskID {
    let message = TaskMessage(
      id: TaskID(stored: id), task: task, queue: queue, tenant: tenant, priority: priority)
    _ = try await platform.store.submit([Submission(message)])
    return message.id
  }

  @Test("An empty list says so", arguments: ["/tasks", "/api/v1/tasks"])
  func empty(path: String) async throws {
    let page = try await page(path: path)
    #expect(page.description == #"{"tasks":[],"total":0,"limit":100,"offset":0,"has_more":false}"#)
  }

  @Test("A listed task has the members of a shown one")
  func members() async throws {
    try await put("a")
    let listed = try #require(try await page()["tasks"]?.elements()?.first)
    let shown = try await platform.call("GET", "/tasks/a", service: service).body
    #expect(listed.names == shown.names + ["result_omitted"])
    for name in shown.names { #expect(listed[name] == shown[name], "\(name)") }
  }

  @Test("S4.03: Only the service's own tasks are listed, whatever queue they are in")
  func own() async throws {
    try await put("mine")
    try await put("elsewhere", queue: "reports")
    try await put("foreign", task: "shop.bill")
    try await put("near", task: "finance.compound_interest2")
    try await put("other", tenant: try #require(Tenant("other")))
    let own = try await page()
    #expect(try ids(own) == ["elsewhere", "mine"])
    #expect(try own.number("total") == 2)
    #expect(try ids(try await page(tenant: try #require(Tenant("other")))) == ["other"])
  }

  @Test("A long result is left out of the list and not of the task")
  func longResults() async throws {
    for (id, length) in [("short", 4094), ("long", 4095)] {
      try await put(id)
      let deliveries = try await platform.store.fetch(FetchRequest(queues: ["finance"], limit: 1, worker: "w"))
      let result = RawJSON.string(String(repeating: "x", count: length))
      _ = try await platform.store.settle([Settlement(try #require(deliveries.first), .success(result))])
    }
    let tasks = try #require(try await page()["tasks"]?.elements())
    #expect(tasks.map { $0["result"]?.isNull } == [true, false])
    #expect(tasks.map { $0["result_omitted"]?.boolValue } == [true, false])
    let shown = try await platform.call("GET", "/tasks/long", service: service)
    #expect(shown.body["result"]?.bytes.count == 4097)
  }

  @Test("S4.03: Pages add up to all tasks that fit, each once, and the total is right", arguments: 0..<8)
  func pages(seed: Int) async throws {
    var random = SeededRandom(seed: UInt64(seed))
    let names = Array(service.tasks.map { type(of: $0).name }) + ["shop.bill"]
    let queues = ["finance", "reports"]
    for number in 0..<(40 + random.below(60)) {
      let priority = random.oneIn(4) ? nil : Priority(random.below(10))
      try await put(
        "t\(number)", task: names[random.below(names.count)], queue: queues[random.below(2)],
        priority: priority)
      platform.time.advance(by: .milliseconds(random.below(1000)))
      try await moveOn(&random)
    }
    let all = try await platform.store.list(RecordQuery(limit: 1000)).records.filter { $0.message.task != "shop.bill" }
    for state in [nil] + TaskState.allCases.map(Optional.some) {
      for band in [nil] + PriorityBand.allCases.map(Optional.some) {
        let wanted = all.filter { record in
          (state == nil || record.state == state) && (band == nil || PriorityBand(record.message.priority) == band)
        }.map(\.message.id.text)
        try await check(wanted, state, band, limit: 1 + random.below(30))
      }
    }
  }

  /// Lets a random waiting task start, end or be revoked.
  private func moveOn(_ random: inout SeededRandom) async throws {
    guard random.oneIn(2) else { return }
    let request = FetchRequest(queues: ["finance", "reports"], limit: 1, worker: "w", lease: .seconds(9999))
    guard let delivery = try await platform.store.fetch(request).first else { return }
    switch random.below(5) {
    case 0: break
    case 1: _ = try await platform.store.settle([Settlement(delivery, .failure(TaskFailure(type: "E", message: "e")))])
    case 2:
      _ = try await platform.store.settle([
        Settlement(delivery, .retry(after: .seconds(9999), TaskFailure(type: "E", message: "e")))
      ])
    default: _ = try await platform.store.settle([Settlement(delivery, .success(.true))])
    }
  }

  private func check(_ wanted: [String], _ state: TaskState?, _ band: PriorityBand?, limit: Int) async throws {
    let filters = (state.map { "&status=\($0.rawValue)" } ?? "") + (band.map { "&priority=\($0.rawValue)" } ?? "")
    var found: [String] = []
    var hasMore = true
    while hasMore {
      let page = try await page("?limit=\(limit)&offset=\(found.count)\(filters)")
      #expect(try page.number("total") == Double(wanted.count), "\(filters)")
      let ids = try ids(page)
      found += ids
      hasMore = page["has_more"] == .true
      #expect(hasMore == (found.count < wanted.count))
      #expect(ids.count == (hasMore ? limit : min(limit, wanted.count - (found.count - ids.count))))
      if ids.isEmpty { break }
    }
    #expect(found == wanted, "\(filters)")
  }

  @Test("A page behind the end is empty and knows the total", arguments: [3, 4, 1_000_000_000])
  func behindTheEnd(offset: Int) async throws {
    for id in ["a", "b", "c"] { try await put(id) }
    let page = try await page("?offset=\(offset)")
    #expect(page.description == #"{"tasks":[],"total":3,"limit":100,"offset":\#(offset),"has_more":false}"#)
  }

  @Test("A page of a thousand is read in portions and complete")
  func thousand() async throws {
    for number in 0..<1003 { try await put("t\(number)") }
    let page = try await page("?limit=1000&offset=2")
    #expect(try ids(page) == (1...1000).reversed().map { "t\($0)" })
    #expect(page["has_more"] == .true)
  }

  @Test("Words may be written small, and unknown parameters are tolerated")
  func tolerance() async throws {
    try await put("a", priority: .high)
    for query in ["?status=pending&priority=HIGH", "?priority=high&colour=red", "?status=Pending&x=1&x=2"] {
      #expect(try ids(try await page(query)) == ["a"], "\(query)")
    }
    try await put("b", priority: .normal)
    #expect(try ids(try await page("?priority=normal")) == ["b"])
  }

  @Test(
    "A parameter with a value that it can't have is 422 and named",
    arguments: [
      ("?limit=0", "/limit"), ("?limit=1001", "/limit"), ("?limit=-1", "/limit"), ("?limit=ten", "/limit"),
      ("?limit=", "/limit"), ("?limit=1.5", "/limit"), ("?limit=%2B5", "/limit"),
      ("?limit=99999999999999999999", "/limit"),
      ("?limit=1%C2%B2", "/limit"), ("?offset=-1", "/offset"), ("?offset=1000000001", "/offset"),
      ("?offset=x", "/offset"),
      ("?status=DONE", "/status"), ("?status=", "/status"), ("?priority=urgent", "/priority"),
      ("?priority=", "/priority"),
    ])
  func refused(query: String, pointer: String) async throws {
    let answer = try await platform.call("GET", "/tasks" + query, service: service)
    #expect(answer.status == 422)
    let error = try #require(answer.body["error"])
    #expect(try error.text("code") == "VALIDATION_ERROR")
    #expect(error["details"]?[pointer] != nil, "\(error)")
  }

  @Test("A parameter given twice is 422")
  func twice() async throws {
    #expect(try await platform.call("GET", "/tasks?limit=1&limit=2", service: service).status == 422)
  }

  @Test("A mistyped word gets the closest one as a hint")
  func hint() async throws {
    let answer = try await platform.call("GET", "/tasks?status=SUCESS", service: service)
    #expect(answer.body["error"]?["details"]?["hint"]?.stringValue == "did you mean 'SUCCESS'?")
  }
}
