import CelerityCore
import Foundation
import Logging
import Testing

@testable import CelerityPrograms

/// A runner with a directory of its own, which is gone after the test.
final class ProgramBench: Sendable {
  let root: String
  let programs: LimitedPrograms

  init(time: any TimeSource = SystemTime()) throws {
    root = FileManager.default.temporaryDirectory.path + "/celerity-programs-\(UUID().uuidString)"
    programs = LimitedPrograms(directory: root, path: "/usr/bin:/bin", time: time, logger: Logger(label: "test"))
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// Runs lines of shell.
  func shell(
    _ script: String, environment: [String: String] = [:], files: [(name: String, bytes: [UInt8])] = [],
    outputs: [String] = [], limits: ProgramLimits = ProgramLimits()
  ) async throws -> ProgramResult {
    try await programs.run(
      ProgramRun(
        "sh", ["-c", script], environment: environment, files: files, outputs: outputs, limits: limits))
  }

  /// What lies in the directories of runs: nothing when none runs.
  var leftovers: [String] {
    (FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? []).filter {
      $0.split(separator: "/").count > 1 && !$0.hasSuffix(".lock")
    }
  }

  /// Processes that were started below the directory.
  var processes: [Int32] { StrayProcesses.processes(under: realRoot) }

  private var realRoot: String { URL(fileURLWithPath: root).resolvingSymlinksInPath().path }
}

extension ProgramResult {
  var text: String { String(decoding: log, as: UTF8.self) }
}
