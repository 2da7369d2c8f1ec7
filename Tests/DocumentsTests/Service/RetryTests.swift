import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Documents

@Suite struct RetryTests {
  private static func failing(_ code: DocumentError.Code, _ count: Int) -> DocumentsPlatform {
    DocumentsPlatform(
      renderer: ScriptedRenderer(failing: Array(repeating: DocumentError(code, "it failed"), count: count)))
  }

  @Test("S1.43: a PDF is tried again after 1, 2 and 4 s, and then fails")
  func pdf() async throws {
    let platform = Self.failing(.programStopped, 4)
    let id = try await platform.order(order("pdf"))
    for (attempt, seconds) in [1, 2, 4].enumerated() {
      #expect(try await platform.workOne("pdf_generation") == .retry)
      let job = try await platform.job(id)
      #expect(job["status"] == .string("RETRY"))
      #expect(job["attempts"] == .integer(Int64(attempt + 1)))
      #expect(job["progress"] == .integer(0))
      let due = try #require(try await platform.record(TaskID(stored: id))?.due)
      #expect(due - platform.time.now == .seconds(seconds))
      platform.time.advance(by: .seconds(seconds))
      _ = try await platform.store.maintain(MaintenanceRequest())
    }
    #expect(try await platform.workOne("pdf_generation") == .failure)
    let job = try await platform.job(id)
    #expect(job["attempts"] == .integer(4))
    #expect(job["error"]?["code"] == .string("SYS005"))
  }

  @Test("S1.43: LaTeX is tried again twice")
  func latex() async throws {
    let platform = Self.failing(.internalError, 3)
    _ = try await platform.order(order())
    for seconds in [1, 2] {
      #expect(try await platform.workOne("latex_generation") == .retry)
      platform.time.advance(by: .seconds(seconds))
      _ = try await platform.store.maintain(MaintenanceRequest())
    }
    #expect(try await platform.workOne("latex_generation") == .failure)
  }

  @Test(
    "S1.43: what is wrong with the order, or fails the same way each time, is not tried again",
    arguments: [DocumentError.Code.wrongType, .tooLong, .renderFailed, .compileFailed, .pdfFailed, .programMissing])
  func fatal(code: DocumentError.Code) async throws {
    let platform = Self.failing(code, 1)
    _ = try await platform.order(order("pdf"))
    #expect(try await platform.workOne("pdf_generation") == .failure)
  }

  @Test("S1.43: tasks are told to stop after 240 s and ended after 300 s")
  func limits() {
    for options in [GeneratePDF.options, GenerateLaTeX.options] {
      #expect(options.softTimeLimit == .seconds(240))
      #expect(options.timeLimit == .seconds(300))
    }
  }

  @Test("S1.43: an attempt whose worker died is made again, and the job tells so")
  func crash() async throws {
    let platform = DocumentsPlatform()
    let id = try await platform.order(order())
    _ = try await platform.store.fetch(
      FetchRequest(queues: ["latex_generation"], limit: 1, worker: "w0", lease: .seconds(30)))
    platform.store.restart()
    _ = try await platform.store.maintain(MaintenanceRequest())
    platform.time.advance(by: .seconds(60))
    _ = try await platform.store.maintain(MaintenanceRequest())
    #expect(try await platform.workOne("latex_generation") == .success)
    #expect(try await platform.job(id)["attempts"] == .integer(2))
  }

  @Test("A task that runs twice leaves one document")
  func twice() async throws {
    let platform = DocumentsPlatform()
    let resources = platform.environment.resources
    let job = TaskKey(TaskID(stored: "job"))
    let shelf = ResultShelf(resources: resources)
    for bytes in [[1], [1, 2]] as [[UInt8]] {
      let document = StoredDocument(contentType: "application/pdf", bytes: bytes, pages: 3)
      try await shelf.put(document, for: job, until: platform.time.now + .seconds(10))
      #expect(try await shelf.document(of: job) == document)
    }
    let clearing = try await shelf.clear(at: platform.time.now + .seconds(10))
    #expect(clearing == ResultShelf.Clearing(scanned: 1, deleted: 1, kept: 0, freedBytes: 2))
  }

  @Test("An order that comes through the platform's own API is checked like any other")
  func direct() async throws {
    let platform = DocumentsPlatform()
    let bodies = [
      (GeneratePDF.name, "pdf_generation", #"{"document_type":"resume","data":{}}"#, "VAL001"),
      (GenerateLaTeX.name, "latex_generation", #"{"document_type":"resume","format":"pdf","data":{}}"#, "API003"),
      (GeneratePDF.name, "pdf_generation", #"{"document_type":"resume","data":[]}"#, "VAL002"),
    ]
    for (task, queue, kwargs, code) in bodies {
      let message = TaskMessage(
        id: TaskID(stored: "direct-\(code)"), task: task, queue: queue, kwargs: try RawJSON(validating: kwargs))
      try await platform.environment.tasks.submit(Submission(message))
      #expect(try await platform.workOne(queue) == .failure)
      #expect(try await platform.record(message.id)?.failure?.type == code)
    }
  }

  @Test("C1.19: another tenant's documents and jobs are its own")
  func tenants() async throws {
    let platform = DocumentsPlatform()
    let tenant = Tenant(stored: "acme")
    let shelf = ResultShelf(resources: platform.environment.resources)
    let document = StoredDocument(contentType: "application/pdf", bytes: [1], pages: nil)
    try await shelf.put(document, for: TaskKey(TaskID(stored: "a"), tenant: tenant), until: platform.time.now)
    #expect(try await shelf.document(of: TaskKey(TaskID(stored: "a"))) == nil)
    #expect(try await shelf.clear(at: platform.time.now).deleted == 1)
    #expect(try await shelf.document(of: TaskKey(TaskID(stored: "a"), tenant: tenant)) == nil)
  }
}
