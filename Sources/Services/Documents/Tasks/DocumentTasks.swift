import CelerityCore
import CelerityTasks

/// `documents.generate_pdf`: makes a document as PDF.
struct GeneratePDF: TaskDefinition {
  static let name = "documents.generate_pdf"
  static let summary = "Makes a document as PDF."
  static let options = TaskOptions(
    queue: "pdf_generation", retry: .documents(retries: 3), timeLimit: .seconds(300), softTimeLimit: .seconds(240))

  let renderer: any DocumentRenderer

  func warmUp(_ resources: ServiceResources) async { await renderer.warmUp(resources) }

  func run(_ input: DocumentTaskInput, _ context: TaskContext) async throws -> DocumentTaskOutput {
    let format = input.format ?? .pdf
    guard format == .pdf else {
      throw DocumentError(.badParameter, "\(Self.name) makes PDF only", field: "format")
    }
    return try await DocumentProduction(renderer: renderer, context: context).run(input, format)
  }
}

/// `documents.generate_latex`: makes a document as LaTeX or DOCX, which need no typesetter.
struct GenerateLaTeX: TaskDefinition {
  static let name = "documents.generate_latex"
  static let summary = "Makes a document as LaTeX or DOCX."
  static let options = TaskOptions(
    queue: "latex_generation", retry: .documents(retries: 2), timeLimit: .seconds(300), softTimeLimit: .seconds(240))

  let renderer: any DocumentRenderer

  func run(_ input: DocumentTaskInput, _ context: TaskContext) async throws -> DocumentTaskOutput {
    let format = input.format ?? .latex
    guard format != .pdf else {
      throw DocumentError(.badParameter, "\(Self.name) makes latex and docx", field: "format")
    }
    return try await DocumentProduction(renderer: renderer, context: context).run(input, format)
  }
}

/// `documents.cleanup`: removes the documents of jobs whose time is over.
struct CleanUp: TaskDefinition {
  static let name = "documents.cleanup"
  static let summary = "Removes documents whose time to be fetched is over."
  static let options = TaskOptions(
    retry: .exponential(max: 3), timeLimit: .seconds(1800), softTimeLimit: .seconds(1500))

  func run(_ input: NoInput, _ context: TaskContext) async throws -> ResultShelf.Clearing {
    try await ResultShelf(resources: context.resources).clear(
      at: context.resources.time.now, shouldStop: { context.stopReason != nil }
    ) { clearing in
      context.progress(clearing.deleted, of: clearing.scanned, "removing old documents")
    }
  }
}

extension RetryPolicy {
  /// Retries after 1, 2, 4 s. What is wrong with an order is wrong again the next time, a source that can't be set can't be set,
  /// a helper program that is missing does not appear, and what was too long is too long.
  fileprivate static func documents(retries: Int) -> RetryPolicy {
    let fatal = DocumentError.Code.allCases.filter { !$0.mayPass }.map(\.rawValue)
    return RetryPolicy(
      maxRetries: retries, backoff: .exponential(base: .seconds(1), factor: 2, cap: .seconds(4)), hasJitter: false,
      fatal: Set(fatal + ["SoftTimeLimitExceeded", "TimeLimitExceeded"]))
  }
}

extension DocumentError.Code {
  /// Whether the same order may succeed the next time.
  var mayPass: Bool {
    switch self {
    case .programStopped, .busy, .internalError: true
    default: false
    }
  }
}
