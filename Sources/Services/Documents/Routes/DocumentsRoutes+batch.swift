import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension DocumentsRoutes {
  /// Most orders of one request.
  static let largestBatch = 100

  /// `POST /generate/batch`
  var generateBatch: Route {
    route(
      .post, "/generate/batch", "generate_batch", "Takes many orders and answers a job for each.",
      details: """
        The orders that are right become jobs in one transaction; for each of the others the answer has an error in its \
        place. When none is right the answer is 422.
        """,
      request: DocumentsSchemas.batch, example: Examples.batch,
      responses: [
        .init(202, "Accepted and durable, as far as it says so.", DocumentsSchemas.batchAccepted),
        .init(422, "The body can't be read, or none of its orders is right.", DocumentsSchemas.batchRefused),
      ], errors: DocumentsSchemas.errors([413, 500, 503])
    ) { call in
      let orders = try RequestFields(try call.body()).array("documents")
      guard (1...Self.largestBatch).contains(orders.count) else {
        throw DocumentError(
          .malformedRequest, "documents must have 1 to \(Self.largestBatch) orders", field: "documents")
      }
      let desk = DocumentDesk(call)
      var results: [Result<Submission, DocumentError>] = []
      for order in orders { results.append(try Self.submission(order, desk, call)) }
      let taken = try await Self.submit(results, call)
      return .json(taken.contains { (try? $0.get()) != nil } ? 202 : 422, Self.answer(taken, Links(call.request)))
    }
  }

  private static func submission(
    _ body: RawJSON, _ desk: DocumentDesk, _ call: Call
  ) throws -> Result<Submission, DocumentError> {
    do {
      let wanted = try DocumentRequest(body, today: call.today)
      return .success(try desk.job(wanted))
    } catch let error as DocumentError {
      return .failure(error)
    }
  }

  /// Submits what is right; what the queue had no room for becomes an error.
  private static func submit(
    _ wanted: [Result<Submission, DocumentError>], _ call: Call
  ) async throws -> [Result<TaskID, DocumentError>] {
    let submissions = wanted.compactMap { try? $0.get() }
    var outcomes = try await call.environment.tasks.engine.submit(submissions).makeIterator()
    return try wanted.map { item in
      switch item {
      case .failure(let error): return .failure(error)
      case .success(let submission):
        guard let outcome = outcomes.next() else { return .failure(DocumentError(.internalError, "no answer")) }
        do {
          return .success(try DocumentDesk.accepted(outcome, submission))
        } catch let error as DocumentError {
          return .failure(error)
        }
      }
    }
  }

  private static func answer(_ jobs: [Result<TaskID, DocumentError>], _ links: Links) -> RawJSON {
    let accepted = jobs.count { (try? $0.get()) != nil }
    var writer = JSONWriter(reservingCapacity: 200 * jobs.count)
    writer.beginObject()
    writer.member("accepted", accepted)
    writer.member("rejected", jobs.count - accepted)
    writer.member(
      "jobs",
      array: { writer in
        for (index, job) in jobs.enumerated() {
          writer.beginObject()
          writer.member("index", index)
          switch job {
          case .success(let id): writeAccepted(id, links, &writer)
          case .failure(let error): writer.member("error", object: { error.writeMembers(to: &$0) })
          }
          writer.endObject()
        }
      })
    writer.endObject()
    return writer.finish()
  }
}
