import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import Synchronization
import Testing

@testable import Documents

/// Answers as XeTeX would, without setting anything.
private final class PretendedTeX: ProgramRunner {
  let runs = Mutex<[ProgramRun]>([])
  /// What a run over a document leaves behind.
  let answer: @Sendable (_ format: [UInt8]) throws(ProgramError) -> ProgramResult

  init(_ answer: @escaping @Sendable (_ format: [UInt8]) throws(ProgramError) -> ProgramResult) { self.answer = answer }

  func find(_ program: String) -> String? { "/usr/bin/\(program)" }

  func run(_ run: ProgramRun) async throws(ProgramError) -> ProgramResult {
    let count = runs.withLock { runs in
      runs.append(run)
      return runs.count
    }
    if run.arguments == ["--version"] { return ProgramResult(exitCode: 0, log: Array("XeTeX 1".utf8)) }
    if run.arguments.contains("-ini") {
      await Task.yield()
      return ProgramResult(exitCode: 0, outputs: ["celerity.fmt": Array("format \(count)".utf8)])
    }
    return try answer(run.files.first { $0.name == "celerity.fmt" }?.bytes ?? [])
  }

  var formatsMade: Int { runs.withLock { $0.count { $0.arguments.contains("-ini") } } }
}

/// Counts how often it is made ready.
private final class CountingRenderer: DocumentRenderer {
  let warmUps = Mutex(0)

  func render(
    _ order: DocumentOrder, resources: ServiceResources, progress: (Int, String) -> Void
  ) async throws(DocumentError) -> RenderedDocument {
    throw DocumentError(.internalError, "nothing is made here")
  }

  func warmUp(_ resources: ServiceResources) async { warmUps.withLock { $0 += 1 } }
}

struct TypesettingTests {
  private static let log = "No font has the character U+1F600\nOutput written on document.pdf (3 pages).\n"

  private static func pdf() -> ProgramResult {
    ProgramResult(
      exitCode: 0, outputs: ["document.pdf": Array("%PDF-1.5".utf8), "document.log": Array(log.utf8)])
  }

  private func source() throws -> TeXSource {
    let order = DocumentOrder(
      type: .resume, template: .classic, format: .pdf, spacing: .compact,
      data: try RawJSON(validating: #"{"personalInfo":{"name":"Jane"}}"#))
    return TeXSource(try DocumentContent(order, today: ""), order)
  }

  private func typesetter(_ programs: any ProgramRunner) -> Typesetter {
    var resources = ServiceResources.none
    resources.programs = programs
    return Typesetter(resources: resources, format: TypesetterFormat())
  }

  @Test("C1.16: TeX runs without a shell and reads and writes only in its directory")
  func sandboxed() async throws {
    let tex = PretendedTeX { _ in Self.pdf() }
    let output = try await typesetter(tex).typeset(try source())
    #expect(output.pages == 3)
    #expect(output.missing == ["U+1F600"])
    let runs = tex.runs.withLock { $0 }.filter { $0.arguments != ["--version"] }
    #expect(runs.count == 2)
    for run in runs {
      #expect(run.program == "xetex")
      #expect(run.arguments.contains("-no-shell-escape"))
      #expect(run.arguments.contains("-halt-on-error"))
      #expect(run.environment["openin_any"] == "p")
      #expect(run.environment["openout_any"] == "p")
      #expect(run.environment["SOURCE_DATE_EPOCH"] != nil)
    }
    #expect(runs.last?.environment["TEXINPUTS"] == ".")
  }

  @Test("The format is made once, however many documents wait for it")
  func oneFormat() async throws {
    let tex = PretendedTeX { _ in Self.pdf() }
    let typesetter = typesetter(tex)
    let source = try source()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 { group.addTask { _ = try await typesetter.typeset(source) } }
      try await group.waitForAll()
    }
    #expect(tex.formatsMade == 1)
  }

  @Test("A worker that takes PDF has the format before the first document")
  func warmUp() async throws {
    let renderer = CountingRenderer()
    await GeneratePDF(renderer: renderer).warmUp(.none)
    await GenerateLaTeX(renderer: renderer).warmUp(.none)
    #expect(renderer.warmUps.withLock { $0 } == 1)
    let tex = PretendedTeX { _ in Self.pdf() }
    let typesetter = typesetter(tex)
    _ = try await typesetter.format.bytes(typesetter)
    _ = try await typesetter.typeset(try source())
    #expect(tex.formatsMade == 1)
  }

  @Test("A format that the typesetter does not take any more is made anew")
  func staleFormat() async throws {
    let refusals = Mutex(1)
    let tex = PretendedTeX { _ in
      let isRefused = refusals.withLock { count in
        defer { count -= 1 }
        return count > 0
      }
      return isRefused
        ? ProgramResult(exitCode: 1, log: Array("(Fatal format file error; I'm stymied)".utf8)) : Self.pdf()
    }
    _ = try await typesetter(tex).typeset(try source())
    #expect(tex.formatsMade == 2)
  }

  @Test(
    "S1: failures of the typesetter have their codes",
    arguments: [
      (ProgramError.Code.notInstalled, DocumentError.Code.programMissing), (.timedOut, .programStopped),
      (.failed, .programStopped), (.cancelled, .programStopped),
    ])
  func failures(cause: ProgramError.Code, code: DocumentError.Code) async throws {
    let tex = PretendedTeX { _ throws(ProgramError) in throw ProgramError(cause, "why") }
    let source = try source()
    let typesetter = typesetter(tex)
    let error = await #expect(throws: DocumentError.self) { try await typesetter.typeset(source) }
    #expect(error?.code == code)
  }

  @Test("S1.43: a typesetter that is killed is told apart from a source that can't be set", arguments: [9, 24, 25])
  func killed(signal: Int) async throws {
    let tex = PretendedTeX { _ in
      ProgramResult(exitCode: nil, signal: signal, outputs: ["document.log": Array("! Emergency".utf8)])
    }
    let source = try source()
    let typesetter = typesetter(tex)
    let error = await #expect(throws: DocumentError.self) { try await typesetter.typeset(source) }
    #expect(error?.code == .programStopped)
    #expect(error?.message == "the typesetter was killed by signal \(signal)")
  }

  @Test("S1: a document that can't be set says why in few words, without repeating what it holds")
  func compileFailures() async throws {
    let log = "! Undefined control sequence.\nl.7 \\secret{of the applicant}\n"
    let failing = PretendedTeX { _ in ProgramResult(exitCode: 1, outputs: ["document.log": Array(log.utf8)]) }
    let source = try source()
    let first = typesetter(failing)
    let error = await #expect(throws: DocumentError.self) { try await first.typeset(source) }
    #expect(error?.code == .compileFailed)
    #expect(error?.message == "the document could not be set: Undefined control sequence.")
    let empty = typesetter(PretendedTeX { _ in ProgramResult(exitCode: 0, outputs: ["document.pdf": []]) })
    let noPDF = await #expect(throws: DocumentError.self) { try await empty.typeset(source) }
    #expect(noPDF?.code == .pdfFailed)
  }

  @Test("Reasons are short and plain")
  func reasons() {
    func reason(_ log: String) -> String { TypesettingLog(Array(log.utf8)).reason }
    #expect(reason("! TeX capacity exceeded, sorry [main memory size=5000000].") == "it is too large")
    #expect(reason("! LaTeX Error: File `/etc/passwd' not found.") == "LaTeX Error: File ")
    #expect(reason("") == "it stopped without a reason")
    #expect(TypesettingLog(Array("Output written on document.pdf (1 page).".utf8)).pages == 1)
  }
}
