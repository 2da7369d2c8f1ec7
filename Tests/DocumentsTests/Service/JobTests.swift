import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Synchronization
import Testing

@testable import Documents

@Suite struct JobTests {
  @Test("S1.03: an order is answered with its job at once, without any worker, and the id is usable")
  func accepted() async throws {
    let platform = DocumentsPlatform()
    let answer = try await platform.call("POST", "/generate/async", order("pdf"))
    #expect(answer.status == 202)
    let body = try answer.json()
    let id = try #require(body["job_id"]?.stringValue)
    #expect(body["status"] == .string("PENDING"))
    #expect(body["status_url"] == .string("/jobs/\(id)"))
    #expect(body["download_url"] == .string("/jobs/\(id)/download"))
    #expect(body["queue"] == .string("pdf_generation"))
    #expect(answer.headers["Location"] == "/jobs/\(id)")
    let job = try await platform.job(id)
    #expect(job["status"] == .string("PENDING"))
    #expect(job["progress"] == .integer(0))
    #expect(job["document_type"] == .string("resume"))
    #expect(job["template"] == .string("classic"))
    #expect(job["format"] == .string("pdf"))
    #expect(job["attempts"] == .integer(0))
    for name in ["started_at", "completed_at", "error", "result", "expires_at"] { #expect(job[name] == .null) }
  }

  @Test("S1.03: links stay below the service's name where the order came in there")
  func links() {
    func request(_ path: String) -> RouteRequest {
      RouteRequest(method: "GET", path: path, requestID: "r", traceparent: "")
    }
    let id = TaskID(stored: "a/b ü")
    #expect(Links(request("/documents/generate/async")).job(id) == "/documents/jobs/a%2Fb%20%C3%BC")
    #expect(Links(request("/generate/async")).download(id) == "/jobs/a%2Fb%20%C3%BC/download")
  }

  @Test("S1.04: a job goes through its states, with growing times and progress that never falls")
  func states() async throws {
    let seen = Mutex<[RawJSON]>([])
    let shown = Mutex<(@Sendable () async -> Void)?>(nil)
    let platform = DocumentsPlatform(
      renderer: ScriptedRenderer(percents: [30, 20, 90, 140]) {
        let look = shown.withLock { $0 }
        await look?()
      })
    let id = try await platform.order(order())
    shown.withLock { look in
      look = {
        if let job = try? await platform.job(id) { seen.withLock { $0.append(job) } }
      }
    }
    platform.time.advance(by: .seconds(7))
    #expect(try await platform.workOne("latex_generation") == .success)
    let running = try #require(seen.withLock { $0.first })
    #expect(running["status"] == .string("PROCESSING"))
    #expect(running["progress"] == .integer(99))
    #expect(running["message"] == .string("at 140"))
    let job = try await platform.job(id)
    #expect(job["status"] == .string("SUCCESS"))
    #expect(job["progress"] == .integer(100))
    #expect(job["attempts"] == .integer(1))
    #expect(job["result"]?["filename"] == .string("resume_Jane_Doe.tex"))
    #expect(job["result"]?["download_url"] == .string("/jobs/\(id)/download"))
    let times = ["created_at", "started_at", "completed_at", "expires_at"].compactMap {
      job[$0]?.stringValue.flatMap { Timestamp($0) }
    }
    #expect(times.count == 4)
    #expect(times == times.sorted())
    #expect(times[3] == times[2] + .seconds(3600))
  }

  @Test("S1.05: a document is downloaded with its type and name, as often as one likes")
  func download() async throws {
    let platform = DocumentsPlatform()
    let id = try await platform.order(order("docx", name: "Zoë Ж Ω"))
    try await platform.workOne("latex_generation")
    for _ in 0..<2 {
      let answer = try await platform.call("GET", "/jobs/\(id)/download")
      #expect(answer.status == 200)
      #expect(answer.contentType == DocumentFormat.docx.contentType)
      let size = try await platform.job(id)["result"]?["file_size"]?.int64Value
      #expect(size == Int64(answer.bytes.count))
      #expect(
        answer.headers["Content-Disposition"]
          == "attachment; filename=\"resume_Zo_____.docx\"; filename*=UTF-8''resume_Zo%C3%AB_%D0%96_%CE%A9.docx")
    }
  }

  @Test("S1.05: a document that is not ready is 409 with Retry-After")
  func early() async throws {
    let platform = DocumentsPlatform()
    let id = try await platform.order(order())
    let answer = try await platform.call("GET", "/jobs/\(id)/download")
    #expect(answer.status == 409)
    #expect(answer.headers["Retry-After"] == "1")
    #expect(try answer.error("code") == "API012")
    #expect(try answer.json()["error"]?["context"]?["status"] == .string("PENDING"))
  }

  @Test("S1.05: a job that failed is 409 with its error")
  func failed() async throws {
    let platform = DocumentsPlatform(
      renderer: ScriptedRenderer(failing: [DocumentError(.renderFailed, "no room", field: "data")]))
    let id = try await platform.order(order())
    #expect(try await platform.workOne("latex_generation") == .failure)
    let answer = try await platform.call("GET", "/jobs/\(id)/download")
    #expect(answer.status == 409)
    #expect(try answer.error("code") == "TPL003")
    #expect(answer.headers["Retry-After"] == nil)
    let job = try await platform.job(id)
    #expect(job["status"] == .string("FAILURE"))
    #expect(job["error"]?["code"] == .string("TPL003"))
    #expect(job["error"]?["message"] == .string("no room"))
  }

  @Test("S1.04: an id that nobody submitted, or that is no document's, is 404 and never PENDING")
  func unknown() async throws {
    let platform = DocumentsPlatform()
    let other = TaskMessage(id: TaskID(stored: "other"), task: "finance.stress_test")
    try await platform.environment.tasks.submit(Submission(other))
    for id in ["nobody", "other"] {
      for path in ["/jobs/\(id)", "/jobs/\(id)/download"] {
        let answer = try await platform.call("GET", path)
        #expect(answer.status == 404)
        #expect(try answer.error("code") == "API011")
      }
    }
    // Another tenant's job is nobody's.
    let id = try await platform.order(order())
    let tenant = Tenant(stored: "acme")
    #expect(try await platform.call("GET", "/jobs/\(id)", tenant: tenant).status == 404)
  }

  @Test("3.4: a cancelled job is REVOKED, and its document is refused")
  func revoked() async throws {
    let platform = DocumentsPlatform()
    let id = try await platform.order(order())
    _ = try await platform.store.cancel([CancelRequest(TaskKey(TaskID(stored: id)))])
    let job = try await platform.job(id)
    #expect(job["status"] == .string("REVOKED"))
    #expect(job["error"] == .null)
    #expect(try await platform.call("GET", "/jobs/\(id)/download").status == 409)
  }

  @Test("S1.05: after its lifetime a job is EXPIRED and its document 410; the lifetime is a setting")
  func expired() async throws {
    let platform = DocumentsPlatform(["documents.result_ttl": .duration(.seconds(2))])
    let id = try await platform.order(order())
    try await platform.workOne("latex_generation")
    #expect(try await platform.call("GET", "/jobs/\(id)/download").status == 200)
    platform.time.advance(by: .seconds(2))
    let answer = try await platform.call("GET", "/jobs/\(id)/download")
    #expect(answer.status == 410)
    #expect(try answer.error("code") == "FIL001")
    let job = try await platform.job(id)
    #expect(job["status"] == .string("EXPIRED"))
    #expect(job["result"] == .null)
  }

  @Test("C1.19: jobs use the cache and fill it, each order counted once")
  func cache() async throws {
    let platform = DocumentsPlatform()
    let first = try await platform.order(order())
    try await platform.workOne("latex_generation")
    #expect(try await platform.call("POST", "/generate", order()).headers["X-Cache"] == "HIT")
    let second = try await platform.order(order())
    #expect(second != first)
    try await platform.workOne("latex_generation")
    #expect(platform.renderer.orders.count == 1)
    #expect(try await platform.job(first)["result"]?["cached"] == .false)
    #expect(try await platform.job(second)["result"]?["cached"] == .true)
    #expect(platform.cache.figures == CacheFigures(hits: 2, misses: 1, sets: 1))
    let bytes = try await platform.call("GET", "/jobs/\(second)/download").bytes
    #expect(try await platform.call("GET", "/jobs/\(first)/download").bytes == bytes)
  }

  @Test("3.2: a priority from 0 to 10 orders the queue; ten counts as nine")
  func priority() async throws {
    let platform = DocumentsPlatform()
    for (asked, kept) in [("0", 0), ("5", 5), ("9", 9), ("10", 9)] {
      let id = try await platform.order(order(more: #","priority":\#(asked)"#))
      #expect(try await platform.record(TaskID(stored: id))?.message.priority?.value == kept)
    }
    let plain = try await platform.order(order())
    #expect(try await platform.record(TaskID(stored: plain))?.message.priority?.value == 5)
  }
}
