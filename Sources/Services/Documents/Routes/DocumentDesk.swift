import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// Where orders are taken: from the cache at once, or as jobs.
struct DocumentDesk {
  let request: RouteRequest
  let environment: ServiceEnvironment

  /// The desk for a request.
  init(_ call: DocumentsRoutes.Call) {
    request = call.request
    environment = call.environment
  }

  /// A document, and whether it had been made before. Equal orders that come meanwhile, here or in other processes, share
  /// one job.
  func document(_ wanted: DocumentRequest) async throws -> (document: StoredDocument, isHit: Bool) {
    if let cached = await DocumentCache(resources: environment.resources).document(wanted.order) {
      return (cached, true)
    }
    let submission = try submission(wanted, isShared: true)
    let result = try await environment.tasks.engine.submit([submission])[0]
    let key = TaskKey(try Self.accepted(result, submission), tenant: request.tenant)
    return (try await finished(key), false)
  }

  /// The submission of a job, whose document is kept for download.
  func job(_ wanted: DocumentRequest) throws -> Submission {
    guard environment.resources.settings[DocumentsSettings.takesJobs] else {
      throw DocumentError(
        .busy, "jobs are turned off here (documents.job_results)",
        suggestedFix: "order with POST /generate, which answers with the document")
    }
    return try submission(wanted, isShared: false)
  }

  /// The submission that makes a document.
  private func submission(_ wanted: DocumentRequest, isShared: Bool) throws -> Submission {
    let order = wanted.order
    try order.checkContent()
    let (task, options) =
      order.format == .pdf ? (GeneratePDF.name, GeneratePDF.options) : (GenerateLaTeX.name, GenerateLaTeX.options)
    var message = TaskMessage(
      id: TaskID(stored: environment.tasks.ids.next()), task: task, queue: options.queue,
      kwargs: try RawJSONEncoder().encode(DocumentTaskInput(order, isCounted: isShared)), tenant: request.tenant,
      priority: wanted.priority)
    message.extras.traceparent = request.traceparent
    message.extras.requestID = request.requestID
    let limit = environment.resources.settings[DocumentsSettings.queueLimit]
    return Submission(
      message, unique: isShared ? UniqueKey("documents:\(order.digest)") : nil, depthLimit: limit > 0 ? limit : nil)
  }

  /// The id of the job that stands for a submission.
  static func accepted(_ result: SubmitResult, _ submission: Submission) throws -> TaskID {
    switch result {
    case .accepted(let id, _), .existing(let id, _): return id
    case .conflict(let error): throw error
    case .queueFull(let depth, let limit):
      throw DocumentError(
        .busy, "\(depth) jobs wait in the queue '\(submission.message.queue)', which takes no more at \(limit)",
        suggestedFix: "try again in half a minute")
    }
  }

  // MARK: Waiting

  private func finished(_ key: TaskKey) async throws -> StoredDocument {
    let limit = environment.resources.settings[DocumentsSettings.requestTimeout]
    guard let record = try await request.lookup(key.id, waiting: limit, environment).record else { throw Self.lost }
    switch record.state {
    case .success:
      guard let document = try await ResultShelf(resources: environment.resources).document(of: key) else {
        throw Self.lost
      }
      return document
    case .failure: throw Self.error(of: record)
    case .revoked:
      throw DocumentError(.busy, "the job that made this document was cancelled", suggestedFix: "ask again")
    case .pending, .received, .started, .progress, .retry:
      throw DocumentError(
        .requestTimeout, "the document was not ready after \(limit.inSeconds) s; its job goes on",
        suggestedFix: "follow the job, or ask again: the document will come from the cache",
        context: [
          .init(name: "job_id", value: key.id.text), .init(name: "status_url", value: Links(request).job(key.id)),
        ])
    }
  }

  private static let lost = DocumentError(
    .internalError, "the document was made but can't be found any more", suggestedFix: "ask again")

  /// Why a job failed, as far as clients may know.
  static func error(of record: TaskRecord) -> DocumentError {
    let failure = record.failure
    if let known = failure.flatMap({ DocumentError($0) }) { return known }
    if let type = failure?.type, ["TimeLimitExceeded", "SoftTimeLimitExceeded"].contains(type) {
      return DocumentError(.requestTimeout, "the document took longer than it may")
    }
    return DocumentError(.internalError, "the document could not be made; the job's id leads to more")
  }
}
