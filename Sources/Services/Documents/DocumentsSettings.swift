import CelerityCore
import CelerityTasks

/// What can be set for the service.
enum DocumentsSettings {
  static let pdfLifetime = ServiceSetting(
    "documents.pdf_cache_ttl", default: Duration.seconds(86_400), otherEnvironmentNames: ["PDF_CACHE_TTL"],
    "How long a PDF stays in the cache.")
  static let latexLifetime = ServiceSetting(
    "documents.latex_cache_ttl", default: Duration.seconds(43_200), otherEnvironmentNames: ["LATEX_CACHE_TTL"],
    "How long LaTeX and DOCX stay in the cache.")
  static let cacheMegabytes = ServiceSetting(
    "documents.cache_size_mb", 1...1_048_576, default: 512,
    "Most MiB of documents in the cache; what was used least recently goes first.")
  static let resultLifetime = ServiceSetting(
    "documents.result_ttl", default: Duration.seconds(3600), otherEnvironmentNames: ["JOB_RESULTS_TTL"],
    "How long the document of a job can be downloaded.")
  static let takesJobs = ServiceSetting(
    "documents.job_results", default: true, otherEnvironmentNames: ["JOB_RESULTS_ENABLED"],
    "Whether documents of jobs are kept for download; without it orders of jobs are answered 503.")
  static let requestTimeout = ServiceSetting(
    "documents.request_timeout", default: Duration.seconds(120),
    "How long POST /generate waits for its document.")
  static let queueLimit = ServiceSetting(
    "documents.queue_limit", 0...10_000_000, default: 0, otherEnvironmentNames: ["MAX_QUEUE_SIZE"],
    "Jobs waiting in a queue at which documents' API answers 503; 0 means no limit.")

  static let all: [any AnyServiceSetting] = [
    pdfLifetime, latexLifetime, cacheMegabytes, resultLifetime, takesJobs, requestTimeout, queueLimit,
  ]
}

extension ServiceSettingValues {
  /// How long a document of a format stays in the cache.
  func cacheLifetime(of format: DocumentFormat) -> Duration {
    switch format {
    case .pdf: self[DocumentsSettings.pdfLifetime]
    case .latex, .docx: self[DocumentsSettings.latexLifetime]
    }
  }

  /// Most bytes in the cache.
  var cacheBound: Int { self[DocumentsSettings.cacheMegabytes] << 20 }
}
