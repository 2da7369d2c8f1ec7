import CelerityCore
import CelerityJSON

/// A job as clients see it: the task that makes a document.
struct Job {
  let record: TaskRecord
  let status: JobStatus
  /// What it made, once it has.
  let output: DocumentTaskOutput?
  private let now: Timestamp

  /// The job of a task; `nil` when the task is not one that makes documents.
  init?(_ record: TaskRecord, at now: Timestamp) {
    guard [GeneratePDF.name, GenerateLaTeX.name].contains(record.message.task) else { return nil }
    self.record = record
    self.now = now
    output = record.result.flatMap { try? RawJSONDecoder().decode(DocumentTaskOutput.self, from: $0) }
    let expiry = output.flatMap { Timestamp($0.expiresAt) }
    status = JobStatus(record.state, isExpired: expiry.map { $0 <= now } ?? false)
  }

  /// The job as JSON.
  func json(_ links: Links) -> RawJSON {
    let id = record.message.id
    var writer = JSONWriter(reservingCapacity: 640)
    writer.beginObject()
    writer.member("job_id", id.text)
    writer.member("status", status.rawValue)
    writer.member("progress", progress)
    writer.member("message", message)
    for name in ["document_type", "template", "format"] { writer.member(name, orNull: argument(name)) }
    writer.member("queue", record.message.queue)
    writer.member("created_at", record.created.rfc3339)
    writer.member("started_at", orNull: record.started.map { max($0, record.created).rfc3339 })
    writer.member("completed_at", orNull: completed?.rfc3339)
    writer.member("attempts", record.attempts)
    writer.member("error", orNull: error)
    writer.member("result", orNull: result(links))
    writer.member("expires_at", orNull: output?.expiresAt)
    writer.member("status_url", links.job(id))
    writer.member("download_url", links.download(id))
    writer.endObject()
    return writer.finish()
  }

  private func argument(_ name: String) -> String? { record.message.kwargs[name]?.stringValue }

  /// Wall clocks may be set back between two machines; what is shown never goes back.
  private var completed: Timestamp? {
    record.finished.map { max($0, record.started ?? record.created, record.created) }
  }

  private var progress: Int {
    switch status {
    case .success, .expired: 100
    case .processing, .failure, .revoked: Int(record.progress?["current"]?.doubleValue ?? 0)
    case .pending, .started, .retry: 0
    }
  }

  private var message: String {
    switch status {
    case .pending: "waiting for a worker"
    case .started: "started"
    case .processing: record.progress?["message"]?.stringValue ?? "processing"
    case .retry: "failed and waits to be tried again"
    case .success: "the document is ready"
    case .failure: "the document could not be made"
    case .revoked: "cancelled" + (record.reason.map { ": \($0)" } ?? "")
    case .expired: "the document is no longer kept"
    }
  }

  private var error: RawJSON? {
    guard status == .failure else { return nil }
    var writer = JSONWriter(reservingCapacity: 256)
    writer.beginObject()
    DocumentDesk.error(of: record).writeMembers(to: &writer)
    writer.endObject()
    return writer.finish()
  }

  private func result(_ links: Links) -> RawJSON? {
    guard status == .success, let output else { return nil }
    var writer = JSONWriter(reservingCapacity: 256)
    writer.beginObject()
    writer.member("filename", output.filename)
    writer.member("file_size", output.fileSize)
    writer.member("content_type", output.contentType)
    writer.member("pages", orNull: output.pages)
    writer.member("cached", output.isCached)
    writer.member("download_url", links.download(record.message.id))
    writer.endObject()
    return writer.finish()
  }
}
