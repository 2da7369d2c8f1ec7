import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Documents

@Suite struct BatchTests {
  private func batch(_ orders: [String]) -> String { #"{"documents":[\#(orders.joined(separator: ","))]}"# }

  @Test("S1.45: many orders in one request become one job each; wrong ones have an error in their place")
  func mixed() async throws {
    let platform = DocumentsPlatform()
    let answer = try await platform.call(
      "POST", "/generate/batch", batch([order(), order("pdf"), order(template: "modern"), order()]))
    #expect(answer.status == 202)
    let body = try answer.json()
    #expect(body["accepted"] == .integer(3))
    #expect(body["rejected"] == .integer(1))
    let jobs = try #require(body["jobs"]?.elements())
    #expect(jobs.compactMap { $0["index"]?.int64Value } == [0, 1, 2, 3])
    #expect(jobs[2]["error"]?["code"] == .string("TPL001"))
    let ids = jobs.compactMap { $0["job_id"]?.stringValue }
    #expect(Set(ids).count == 3)
    for id in ids { #expect(try await platform.job(id)["status"] == .string("PENDING")) }
  }

  @Test("S1.45: when none is right the answer is 422 and nothing is queued")
  func wrong() async throws {
    let platform = DocumentsPlatform()
    let bodies = [
      batch([order(template: "a"), "7"]), batch([]), #"{"documents":{}}"#, "{}",
      batch(Array(repeating: "{}", count: 101)),
    ]
    for body in bodies {
      #expect(try await platform.call("POST", "/generate/batch", body).status == 422)
    }
    #expect(try await platform.store.count(RecordQuery()).total == 0)
  }

  @Test("S1.45: what a full queue has no room for is told in its place")
  func full() async throws {
    let platform = DocumentsPlatform(["documents.queue_limit": .integer(2)])
    let orders = (0..<3).map { order(name: "Jane \($0)") }
    let body = try await platform.call("POST", "/generate/batch", batch(orders)).json()
    #expect(body["accepted"] == .integer(2))
    #expect(body["jobs"]?.elements()?.last?["error"]?["code"] == .string("API013"))
  }
}
