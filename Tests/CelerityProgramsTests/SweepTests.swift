import CelerityCore
import Foundation
import Logging
import Testing

@testable import CelerityPrograms

@Suite(.timeLimit(.minutes(2)))
struct SweepTests {
  @Test func `what a dead process left is cleared away, what a living one has stays`() async throws {
    let bench = try ProgramBench()
    try await bench.programs.prepare()
    let files = FileManager.default
    let own = try #require(try files.contentsOfDirectory(atPath: bench.root).first { $0.hasPrefix("process-") })
    let dead = bench.root + "/process-1-dead/7"
    try files.createDirectory(atPath: dead, withIntermediateDirectories: true)
    try Data("left".utf8).write(to: URL(fileURLWithPath: dead + "/file"))
    try Data().write(to: URL(fileURLWithPath: bench.root + "/process-1-dead/.lock"))

    let next = LimitedPrograms(directory: bench.root, path: nil, logger: Logger(label: "test"))
    try await next.prepare()
    #expect(!files.fileExists(atPath: bench.root + "/process-1-dead"))
    #expect(files.fileExists(atPath: "\(bench.root)/\(own)"))
    await next.close()
    await bench.programs.close()
    let left = try files.contentsOfDirectory(atPath: bench.root).filter { $0.hasPrefix("process-") }
    #expect(left.isEmpty)
  }

  @Test func `a program of a dead process is killed by the next one`() async throws {
    let bench = try ProgramBench()
    let files = FileManager.default
    let dead = bench.root + "/process-1-dead/7"
    try files.createDirectory(atPath: dead, withIntermediateDirectories: true)
    let orphan = Process()
    orphan.executableURL = URL(fileURLWithPath: "/bin/sleep")
    orphan.arguments = ["600"]
    orphan.environment = ["TMPDIR": URL(fileURLWithPath: dead).resolvingSymlinksInPath().path]
    let (ends, end) = AsyncStream<Void>.makeStream()
    orphan.terminationHandler = { _ in end.finish() }
    try orphan.run()
    try await bench.programs.prepare()
    // Not `waitUntilExit`, which holds a thread of Swift's pool: whoever kills may need it.
    for await _ in ends {}
    #expect(orphan.terminationReason == .uncaughtSignal)
    #expect(!files.fileExists(atPath: dead))
  }

  @Test func `a directory that can't be made is told`() async throws {
    let programs = LimitedPrograms(directory: "/proc/celerity/programs", path: nil, logger: Logger(label: "test"))
    let error = await #expect(throws: ProgramError.self) { try await programs.run(ProgramRun("sh", ["-c", "true"])) }
    #expect(error?.code == .failed)
  }
}
