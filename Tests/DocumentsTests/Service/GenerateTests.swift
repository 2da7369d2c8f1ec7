import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Documents

@Suite struct GenerateTests {
  @Test("S1.06: the second identical order is a HIT with the same bytes, and nothing is made again")
  func hit() async throws {
    let platform = DocumentsPlatform()
    let first = try await platform.callWorked("/generate", order())
    #expect(first.status == 200, "\(first.text)")
    #expect(first.headers["X-Cache"] == "MISS")
    #expect(first.contentType == "application/x-tex")
    let second = try await platform.call("POST", "/generate", order())
    #expect(second.headers["X-Cache"] == "HIT")
    #expect(second.bytes == first.bytes)
    #expect(second.headers["Content-Disposition"] == first.headers["Content-Disposition"])
    #expect(platform.renderer.orders.count == 1)
    #expect(platform.cache.figures == CacheFigures(hits: 1, misses: 1, sets: 1))
  }

  @Test(
    "S1.40: each format is made in its queue, as its content type",
    arguments: [
      ("pdf", "pdf_generation", "application/pdf", ".pdf"),
      ("latex", "latex_generation", "application/x-tex", ".tex"),
      (
        "docx", "latex_generation", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"
      ),
    ])
  func formats(format: String, queue: String, contentType: String, ending: String) async throws {
    let platform = DocumentsPlatform()
    let answer = try await platform.callWorked("/generate", order(format), queue: queue)
    #expect(answer.status == 200)
    #expect(answer.contentType == contentType)
    #expect(answer.headers["Content-Disposition"] == "attachment; filename=\"resume_Jane_Doe\(ending)\"")
    #expect(platform.renderer.orders.map(\.format.rawValue) == [format])
  }

  @Test("S1.30: equal orders that come meanwhile share one job")
  func shared() async throws {
    let platform = DocumentsPlatform()
    await platform.feed.isRead()
    async let first = platform.call("POST", "/generate", order())
    async let second = platform.call("POST", "/generate", order())
    async let other = platform.call("POST", "/generate", order(name: "John Doe"))
    // All three have submitted when all three sleep until their time is over.
    await platform.time.waitForSleepers(3)
    #expect(try await platform.store.count(RecordQuery()).total == 2)
    try await platform.workOne("latex_generation")
    try await platform.workOne("latex_generation")
    let answers = try await [first, second, other]
    #expect(answers.map(\.status) == [200, 200, 200])
    #expect(answers[0].bytes == answers[1].bytes)
    #expect(answers[0].bytes != answers[2].bytes)
    #expect(platform.renderer.orders.count == 2)
  }

  @Test("3.3: an order that is not ready in time is 504 with its job, and comes from the cache later")
  func timeout() async throws {
    let platform = DocumentsPlatform(["documents.request_timeout": .duration(.seconds(5))])
    async let waiting = platform.call("POST", "/generate", order())
    await platform.time.waitForSleepers()
    platform.time.advance(by: .seconds(5))
    let answer = try await waiting
    #expect(answer.status == 504)
    #expect(try answer.error("code") == "API004")
    let job = try #require(try answer.json()["error"]?["context"]?["job_id"]?.stringValue)
    #expect(try await platform.job(job)["status"] == .string("PENDING"))
    try await platform.workOne("latex_generation")
    #expect(try await platform.call("POST", "/generate", order()).headers["X-Cache"] == "HIT")
  }

  @Test("3.3: what a renderer fails with is told as it is; what nobody should know is hidden")
  func failures() async throws {
    let missing = DocumentError(.programMissing, "no TeX engine is installed", suggestedFix: "install TeX")
    let platform = DocumentsPlatform(renderer: ScriptedRenderer(failing: [missing]))
    let answer = try await platform.callWorked("/generate", order("pdf"), queue: "pdf_generation")
    #expect(answer.status == 500)
    #expect(try answer.error("code") == "SYS006")
    #expect(try answer.error("category") == "system")
    #expect(try answer.error("message") == "no TeX engine is installed")
    #expect(try answer.error("suggested_fix") == "install TeX")
    // It is not tried again: what is missing does not appear within seconds.
    #expect(platform.renderer.orders.count == 1)
    #expect(platform.cache.figures.sets == 0)
  }

  @Test("S1.31: a document's lifetime in the cache is a setting")
  func lifetime() async throws {
    let platform = DocumentsPlatform([
      "documents.latex_cache_ttl": .duration(.seconds(2)), "documents.pdf_cache_ttl": .duration(.seconds(100)),
    ])
    _ = try await platform.callWorked("/generate", order("latex"))
    _ = try await platform.callWorked("/generate", order("pdf"), queue: "pdf_generation")
    platform.time.advance(by: .seconds(3))
    #expect(try await platform.call("POST", "/generate", order("pdf")).headers["X-Cache"] == "HIT")
    #expect(try await platform.callWorked("/generate", order("latex")).headers["X-Cache"] == "MISS")
    #expect(platform.renderer.orders.count == 3)
  }

  @Test("S1.31: PDF stays 86,400 s and LaTeX 43,200 s unless something else is set")
  func lifetimes() {
    let settings = ServiceSettingValues()
    #expect(settings.cacheLifetime(of: .pdf) == .seconds(86_400))
    #expect(settings.cacheLifetime(of: .latex) == .seconds(43_200))
    #expect(settings.cacheLifetime(of: .docx) == .seconds(43_200))
    #expect(settings[DocumentsSettings.resultLifetime] == .seconds(3600))
  }

  @Test("S1.32: without the cache, or while it is away, documents are made all the same and no counter moves")
  func withoutCache() async throws {
    let disabled = DocumentsPlatform()
    disabled.cache.switchOff()
    for _ in 0..<2 {
      let answer = try await disabled.callWorked("/generate", order())
      #expect(answer.status == 200)
      #expect(answer.headers["X-Cache"] == "MISS")
    }
    #expect(disabled.renderer.orders.count == 2)
    #expect(disabled.cache.figures == CacheFigures())

    let away = DocumentsPlatform()
    away.cache.setAway(true)
    #expect(try await away.callWorked("/generate", order()).status == 200)
    away.cache.setAway(false)
    #expect(try await away.callWorked("/generate", order()).headers["X-Cache"] == "MISS")
    #expect(try await away.call("POST", "/generate", order()).headers["X-Cache"] == "HIT")
  }

  @Test("S1.33, S3.36: the cache stays within its bound, and no job or result is lost to it")
  func bound() async throws {
    let platform = DocumentsPlatform(
      ["documents.cache_size_mb": .integer(1)], renderer: ScriptedRenderer(padding: 300_000))
    var jobs: [String] = []
    for index in 0..<6 {
      jobs.append(try await platform.order(order(name: "Jane \(index)")))
      try await platform.workOne("latex_generation")
      #expect(platform.cache.bytes <= 1 << 20)
    }
    #expect(platform.cache.figures.evictions > 0)
    for job in jobs { #expect(try await platform.call("GET", "/jobs/\(job)/download").status == 200) }
  }

  @Test("S1.07: data in YAML give the same document as in JSON, from the same entry of the cache")
  func yaml() async throws {
    let platform = DocumentsPlatform()
    let json = try await platform.callWorked("/generate", order())
    let text = #"{\"personalInfo\":{\"email\":\"jane@example.com\",\"name\":\"Jane Doe\"}}"#
    let body = #"{"document_type":"resume","template":"classic","format":"latex","yaml_data":"\#(text)"}"#
    let yaml = try await platform.call("POST", "/generate-yaml", body)
    #expect(yaml.status == 200)
    #expect(yaml.headers["X-Cache"] == "HIT")
    #expect(yaml.bytes == json.bytes)
  }

  @Test(
    "S1.07: YAML that can't be read is VAL014; without a reader it says so",
    arguments: ["{", "- a", "[1]", "7", #"{\"a\":1,\"a\":2}"#])
  func badYAML(text: String) async throws {
    let body = #"{"document_type":"resume","template":"classic","format":"latex","yaml_data":"\#(text)"}"#
    let answer = try await DocumentsPlatform().call("POST", "/generate-yaml", body)
    #expect(answer.status == 400)
    #expect(try answer.error("code") == "VAL014")
    let absent = try await DocumentsPlatform(yaml: nil).call("POST", "/generate-yaml", body)
    #expect(absent.status == 500)
    #expect(try absent.error("code") == "SYS006")
  }

  @Test("C1.6: a queue with a limit answers 503 with Retry-After, and nothing is left behind")
  func queueLimit() async throws {
    let platform = DocumentsPlatform(["documents.queue_limit": .integer(2)])
    for index in 0..<2 { _ = try await platform.order(order(name: "Jane \(index)")) }
    for path in ["/generate", "/generate/async"] {
      let answer = try await platform.call("POST", path, order(name: "Late"))
      #expect(answer.status == 503)
      #expect(try answer.error("code") == "API013")
      #expect(answer.headers["Retry-After"] == "30")
    }
    #expect(try await platform.store.count(RecordQuery()).total == 2)
  }

  @Test("A client that has gone is not waited for")
  func gone() async throws {
    let platform = DocumentsPlatform()
    let client = ClientPresence {}
    let answer = try await platform.call("POST", "/generate", order(), client: client)
    #expect(answer.status == 504)
    #expect(client.wasMissed)
  }
}
