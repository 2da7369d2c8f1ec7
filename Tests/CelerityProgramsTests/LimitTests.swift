import CelerityCore
import CelerityTesting
import Foundation
import Testing

@testable import CelerityPrograms

@Suite(.timeLimit(.minutes(2)))
struct LimitTests {
  @Test func `memory is limited`() async throws {
    let bench = try ProgramBench()
    let script = "dd if=/dev/zero of=/dev/null bs=300M count=1"
    let refused = try await bench.shell(script, limits: ProgramLimits(memory: 100 << 20))
    #expect(refused.exitCode == 1)
    #expect(refused.text.contains("memory exhausted"))
    #expect(try await bench.shell(script, limits: ProgramLimits(memory: 1 << 30)).exitCode == 0)
  }

  @Test func `time on a processor is limited`() async throws {
    let limits = ProgramLimits(time: .seconds(60), cpuSeconds: 1)
    let result = try await ProgramBench().programs.run(
      ProgramRun("sh", ["-c", "while :; do :; done"], limits: limits))
    #expect(result.exitCode == nil)
    #expect([Int(SIGKILL), Int(SIGXCPU)].contains(result.signal ?? 0))
  }

  @Test func `the size of files is limited`() async throws {
    let bench = try ProgramBench()
    let result = try await bench.programs.run(
      ProgramRun(
        "dd", ["if=/dev/zero", "of=big", "bs=64k", "count=100"], outputs: ["big"],
        limits: ProgramLimits(fileSize: 1 << 20)))
    #expect(result.signal == Int(SIGXFSZ))
    #expect(result.outputs["big"]?.count == 1 << 20)
  }

  @Test func `no core is written, and a limit of this process is not exceeded`() async throws {
    let result = try await ProgramBench().shell("ulimit -c; ulimit -v", limits: ProgramLimits(memory: .max))
    let lines = result.text.split(separator: "\n")
    #expect(lines.first == "0")
    #expect(result.exitCode == 0)
  }

  @Test func `who takes too long is killed with all that it started`() async throws {
    let bench = try ProgramBench()
    let started = ContinuousClock.now
    let error = await #expect(throws: ProgramError.self) {
      try await bench.shell(
        "trap '' TERM; sleep 600 & (sleep 600 & sleep 600) & sleep 600", limits: ProgramLimits(time: .seconds(1)))
    }
    #expect(error?.code == .timedOut)
    #expect(ContinuousClock.now - started >= .seconds(1))
    #expect(bench.processes.isEmpty)
    #expect(bench.leftovers.isEmpty)
  }

  @Test func `the alarm is that of the clock that was given`() async throws {
    let time = TestTime()
    let bench = try ProgramBench(time: time)
    let run = Task { try await bench.shell("sleep 600", limits: ProgramLimits(time: .seconds(3000))) }
    await time.waitForSleepers()
    time.advance(by: .seconds(3000))
    let error = await #expect(throws: ProgramError.self) { try await run.value }
    #expect(error?.code == .timedOut)
  }

  @Test func `cancelling kills, before the start and after it`() async throws {
    let bench = try ProgramBench()
    let path = bench.root + "/../" + UUID().uuidString
    let pipe = URL(fileURLWithPath: path).standardizedFileURL.path
    #expect(mkfifo(pipe, 0o600) == 0)
    defer { unlink(pipe) }
    let run = Task { try await bench.shell("echo up >\(pipe); sleep 600") }
    // Opening the pipe for reading returns when the program opens it. On a thread of its own: what starts the program needs
    // those of Swift's pool, which are as few as there are cores.
    let said = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(returning: (try? FileHandle(forReadingAtPath: pipe)?.readToEnd()) ?? nil)
      }
    }
    #expect(said == Data("up\n".utf8))
    run.cancel()
    let error = await #expect(throws: ProgramError.self) { try await run.value }
    #expect(error?.code == .cancelled)
    let early = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await bench.shell("sleep 600")
    }
    let earlyError = await #expect(throws: ProgramError.self) { try await early.value }
    #expect(earlyError?.code == .cancelled)
    #expect(bench.processes.isEmpty)
    #expect(bench.leftovers.isEmpty)
  }

  @Test func `grandchildren that go on after their leader has ended die`() async throws {
    let bench = try ProgramBench()
    let script = "i=0; while [ $i -lt 100 ]; do (sleep 600 & sleep 600 &); i=$((i+1)); done; echo started"
    let result = try await bench.shell(script)
    #expect(result.exitCode == 0)
    #expect(result.text == "started\n")
    #expect(bench.processes.isEmpty)
  }

  @Test func `who leaves the group for a session of his own dies too`() async throws {
    let bench = try ProgramBench()
    let result = try await bench.shell("setsid sh -c 'setsid sleep 600 & sleep 600' & echo started")
    #expect(result.exitCode == 0)
    #expect(bench.processes.isEmpty)
    #expect(bench.leftovers.isEmpty)
  }

  @Test func `who starts others without end dies`() async throws {
    let bench = try ProgramBench()
    // Each copy starts another and ends: no moment at which a list of them would be whole.
    let script =
      #"echo '(sh ./again &) ; exec sleep 600' >again; sh ./again & i=0; while [ $i -lt 20 ]; do i=$((i+1)); done"#
    let limited = "n=0; spin() { [ $n -ge 300 ] && return; n=$((n+1)); (spin) & sleep 600 & }; spin; " + "true"
    for text in [limited, script] {
      let result = try? await bench.shell(text, limits: ProgramLimits(time: .seconds(2)))
      #expect(result?.exitCode ?? 0 == 0)
      #expect(bench.processes.isEmpty)
    }
    #expect(bench.leftovers.isEmpty)
  }
}
