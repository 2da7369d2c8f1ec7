import CelerityCore
import CelerityTasks

/// Runs XeTeX over source of ours, in a scratch directory from which it can neither read nor write anything outside but its
/// own installation and fonts.
struct Typesetter: Sendable {
  let resources: ServiceResources
  let format: TypesetterFormat
  /// What the source of any order stays far below.
  private static let limits = ProgramLimits(time: .seconds(120), cpuSeconds: 60, memory: 1 << 30, fileSize: 32 << 20)

  /// A document as it was set.
  struct Output: Sendable {
    var pdf: [UInt8]
    var pages: Int?
    /// Characters that no font had, as `U+1F600`.
    var missing: [String]
  }

  /// Sets a document.
  func typeset(_ source: TeXSource) async throws(DocumentError) -> Output {
    let loaded = try await format.bytes(self)
    let result = try await set(source, loaded)
    if result.isFormatRefused {
      await format.forget(loaded, self)
      let fresh = try await format.bytes(self)
      return try Self.output(try await set(source, fresh))
    }
    return try Self.output(result)
  }

  private func set(_ source: TeXSource, _ format: [UInt8]) async throws(DocumentError) -> ProgramResult {
    try await run(
      ["-fmt=celerity", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "document.tex"],
      environment: Self.environment.merging(["TEXINPUTS": ".", "TEXFORMATS": "."]) { $1 },
      files: [("celerity.fmt", format), ("document.tex", Array(source.document.utf8))],
      outputs: ["document.pdf", "document.log"])
  }

  private static func output(_ result: ProgramResult) throws(DocumentError) -> Output {
    let log = TypesettingLog(result.outputs["document.log"] ?? result.log)
    guard result.exitCode == 0 else {
      throw DocumentError(.compileFailed, "the document could not be set: \(log.reason)")
    }
    guard let pdf = result.outputs["document.pdf"], pdf.starts(with: "%PDF-".utf8) else {
      throw DocumentError(.pdfFailed, "the typesetter made no PDF")
    }
    return Output(pdf: pdf, pages: log.pages, missing: log.missingCharacters)
  }

  func run(
    _ arguments: [String], environment: [String: String], files: [(name: String, bytes: [UInt8])], outputs: [String]
  ) async throws(DocumentError) -> ProgramResult {
    let run = ProgramRun(
      "xetex", arguments, environment: environment, files: files, outputs: outputs, limits: Self.limits)
    let result: ProgramResult
    do {
      result = try await resources.programs.run(run)
    } catch {
      switch error.code {
      case .notInstalled:
        throw DocumentError(
          .programMissing, "PDF needs XeTeX, which is not installed here",
          suggestedFix: "install it, or ask for the format docx or latex")
      case .timedOut: throw DocumentError(.programStopped, "setting the document took too long")
      case .cancelled: throw DocumentError(.programStopped, "setting the document was cancelled")
      case .failed: throw DocumentError(.programStopped, "the typesetter could not be run")
      }
    }
    // A limit on what it may use, or the system when it was short of memory. TeX itself ends with a code.
    guard result.exitCode != nil else {
      let signal = result.signal.map { " by signal \($0)" } ?? ""
      throw DocumentError(.programStopped, "the typesetter was killed\(signal)")
    }
    return result
  }

  /// What keeps TeX inside (texmf.cnf, "openin_any" and "openout_any"), keeps it from looking for fonts of its own kind, and
  /// makes equal bytes of equal source: the date in the file is the same always.
  static let environment = [
    "openin_any": "p", "openout_any": "p", "shell_escape": "f",
    "TEXMFHOME": "./none", "TEXMFVAR": "./none", "TEXMFCONFIG": "./none", "VARTEXFONTS": "./none",
    "MKTEXTFM": "0", "MKTEXFMT": "0", "MKTEXPK": "0", "MKTEXMF": "0",
    "OSFONTDIR": "/usr/share/fonts//:/usr/local/share/fonts//",
    "SOURCE_DATE_EPOCH": "946684800", "FORCE_SOURCE_DATE": "1", "max_print_line": "1000",
    // A text of many pages is one line of the source.
    "buf_size": "8000000",
  ]
}

extension ProgramResult {
  /// Whether the typesetter did not take the format, because another version made it.
  fileprivate var isFormatRefused: Bool {
    guard exitCode != 0 else { return false }
    let text = String(decoding: log, as: UTF8.self)
    return ["Fatal format file error", "Could not undump", "made by different"].contains { text.contains($0) }
  }
}
