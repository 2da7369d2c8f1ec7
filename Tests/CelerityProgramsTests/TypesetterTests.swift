import CelerityCore
import CelerityTesting
import Foundation
import Testing

@testable import CelerityPrograms

/// What a typesetter could be told by a document that had got through all escaping (reliability of input that is typeset):
/// its limits end it. `-ini` is TeX without any format, which starts at once.
@Suite(.timeLimit(.minutes(2)))
struct TypesetterTests {
  private static let braces = #"\catcode123=1 \catcode125=2 "#
  private static let isThere =
    FileManager.default.isExecutableFile(atPath: "/usr/bin/xetex")
    || ProcessInfo.processInfo.environment["CI"] == "true"

  private func run(_ commands: String) async throws -> ProgramResult {
    try await ProgramBench().programs.run(
      ProgramRun(
        "xetex", ["-ini", "-interaction=nonstopmode", "-no-shell-escape", Self.braces + commands],
        environment: ["openout_any": "p"],
        limits: ProgramLimits(time: .seconds(30), cpuSeconds: 1, memory: 1 << 30, fileSize: 4 << 20)))
  }

  @Test("X3: a loop that never ends is ended", .enabled(if: isThere))
  func loop() async throws {
    let result = try await run(#"\def\x{\x}\x"#)
    #expect([Int(SIGKILL), Int(SIGXCPU)].contains(result.signal ?? 0))
  }

  @Test("X3: a macro that grows without end exceeds the typesetter's own room", .enabled(if: isThere))
  func growth() async throws {
    let result = try await run(#"\catcode35=6 \def\x#1{\x{#1#1}}\x{abc}"#)
    #expect(result.exitCode != 0)
  }

  @Test("X3: a file that is written without end is ended by its size", .enabled(if: isThere))
  func file() async throws {
    let line = String(repeating: "a", count: 1000)
    let result = try await run(#"\immediate\openout5=big \def\x{\immediate\write5{\#(line)}\x}\x"#)
    #expect([Int(SIGXFSZ), Int(SIGKILL), Int(SIGXCPU)].contains(result.signal ?? 0))
  }
}
