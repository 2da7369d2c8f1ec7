public import CelerityCore
import Synchronization

/// Programs as a test writes them: what each does with its run, and which runs there were. Nothing else is installed.
public final class StubPrograms: ProgramRunner {
  /// Does what a program would do.
  public typealias Program = @Sendable (ProgramRun) throws(ProgramError) -> ProgramResult

  private let programs: [String: Program]
  private let taken = Mutex<[ProgramRun]>([])

  /// Programs by their names.
  public init(_ programs: [String: Program] = [:]) { self.programs = programs }

  public func run(_ run: ProgramRun) async throws(ProgramError) -> ProgramResult {
    guard let program = programs[run.program] else {
      throw ProgramError(.notInstalled, "\(run.program) is not installed")
    }
    taken.withLock { $0.append(run) }
    var result = try program(run)
    // Nothing but what was asked for is read.
    result.outputs = result.outputs.filter { run.outputs.contains($0.key) }
    result.log = result.log.suffix(run.limits.log)
    return result
  }

  public func find(_ program: String) -> String? { programs[program] == nil ? nil : "/usr/bin/\(program)" }

  /// What was run, in order.
  public var runs: [ProgramRun] { taken.withLock { $0 } }
}
