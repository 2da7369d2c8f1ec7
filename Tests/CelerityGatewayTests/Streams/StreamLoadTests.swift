import AsyncHTTPClient
import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import NIOHTTP1
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(3))) struct StreamLoadTests {
  @Test("A client that is cut off again and again under load misses no task and sees nothing twice")
  func resume() async throws {
    try await RunningGateway.run { gateway in
      let tasks = 400
      async let work: Void = Self.work(gateway, tasks)
      var random = SeededRandom(seed: 5)
      var place = "0"
      var finished: Set<String> = []
      var last: Int64 = 0
      while finished.count < tasks {
        let patience = random.below(120) + 1
        let missing = tasks - finished.count
        let events = try await gateway.follow("/v1/events", after: place) { client in
          var seen: [SeenEvent] = []
          while seen.count < patience, seen.count(where: Self.isEnd) < missing {
            guard let event = try await client.next() else { break }
            seen.append(event)
          }
          return seen
        }
        for event in events {
          let seq = try #require(Int64(event.id))
          #expect(seq > last, "\(seq) after \(last)")
          last = seq
          if Self.isEnd(event) { finished.insert(try #require(event.task)) }
        }
        place = events.last?.id ?? place
      }
      try await work
      #expect(finished == Set((0..<tasks).map { "t\($0)" }))
    }
  }

  private static func isEnd(_ event: SeenEvent) -> Bool { event.summary == "task SUCCESS" }

  private static func work(_ gateway: RunningGateway, _ tasks: Int) async throws {
    for first in stride(from: 0, to: tasks, by: 50) {
      _ = try await gateway.store.submit(
        (first..<first + 50).map { Submission(TaskMessage(id: TaskID(stored: "t\($0)"), task: "demo.add")) })
      let request = FetchRequest(queues: ["default"], limit: 50, worker: "celery@test")
      let deliveries = try await gateway.store.fetch(request)
      _ = try await gateway.store.settle(deliveries.map { Settlement($0, .success(.null)) })
      await Task.yield()
    }
  }

  @Test("Fifty streams at once all see everything, and are all gone when their clients are")
  func manyStreams() async throws {
    var settings = GatewaySettings()
    settings.limits.maximumStreams = 50
    try await RunningGateway.run(settings) { gateway in
      let streams = 50
      let open = Opened(streams)
      let seen = try await withThrowingTaskGroup(of: [String].self) { group in
        for _ in 0..<streams {
          group.addTask {
            try await gateway.follow("/v1/events?state=SUCCESS") { client in
              _ = try await client.comments(1)
              open.count()
              var tasks: [String] = []
              while tasks.count < 100, let event = try await client.next() { tasks.append(event.task ?? "") }
              return tasks
            }
          }
        }
        await open.wait()
        try await Self.work(gateway, 100)
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(seen.count == streams)
      #expect(Set(seen).count == 1)
      #expect(seen.first?.count == 100)
      var status = 503
      while status == 503 { status = try await gateway.follow("/v1/events") { $0.status } }
    }
  }
}

/// Opens when so many have come.
private final class Opened: Sendable {
  private let left: Mutex<Int>
  private let all = AsyncStream.makeStream(of: Void.self)

  init(_ number: Int) { left = Mutex(number) }

  func count() {
    let isLast = left.withLock { left in
      left -= 1
      return left == 0
    }
    if isLast { all.continuation.finish() }
  }

  func wait() async { for await _ in all.stream {} }
}
