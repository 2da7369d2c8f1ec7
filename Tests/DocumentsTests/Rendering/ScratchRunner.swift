import CelerityCore
import Foundation
import Synchronization

/// Runs helper programs for tests: each in a scratch directory of its own with nothing of our environment.
final class ScratchRunner: ProgramRunner {
  /// The runs so far.
  let runs = Mutex<[[String]]>([])

  func find(_ program: String) -> String? {
    ["/usr/bin", "/usr/local/bin"].map { "\($0)/\(program)" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }

  func run(_ run: ProgramRun) async throws(ProgramError) -> ProgramResult {
    runs.withLock { $0.append([run.program] + run.arguments) }
    guard let path = find(run.program) else {
      throw ProgramError(.notInstalled, "\(run.program) is not installed")
    }
    do {
      return try Self.run(run, path)
    } catch {
      throw ProgramError(.failed, "\(error)")
    }
  }

  private static func run(_ run: ProgramRun, _ path: String) throws -> ProgramResult {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "documents-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    for (name, bytes) in run.files { try Data(bytes).write(to: scratch.appending(path: name)) }
    let log = scratch.appending(path: "standard.log")
    try Data().write(to: log)
    let output = try FileHandle(forWritingTo: log)
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = run.arguments
    process.currentDirectoryURL = scratch
    process.environment = run.environment.merging(
      ["PATH": "/usr/bin:/bin", "HOME": scratch.path, "TMPDIR": scratch.path]
    ) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
    process.waitUntilExit()
    var outputs: [String: [UInt8]] = [:]
    for name in run.outputs {
      if let data = try? Data(contentsOf: scratch.appending(path: name)) { outputs[name] = Array(data) }
    }
    return ProgramResult(
      exitCode: Int(process.terminationStatus), outputs: outputs, log: Array(try Data(contentsOf: log)))
  }
}
