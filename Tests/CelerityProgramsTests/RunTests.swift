import CelerityCore
import CelerityTesting
import Foundation
import Testing

@testable import CelerityPrograms

@Suite(.timeLimit(.minutes(2)))
struct RunTests {
  @Test func `files go in, files and the log come out, and nothing is left`() async throws {
    let bench = try ProgramBench()
    let result = try await bench.shell(
      "tr a-z A-Z <in.txt >out.txt; echo told; echo warned >&2; exit 3", files: [("in.txt", Array("text".utf8))],
      outputs: ["out.txt", "never.txt"])
    #expect(result.exitCode == 3)
    #expect(result.signal == nil)
    #expect(result.outputs == ["out.txt": Array("TEXT".utf8)])
    #expect(result.text == "told\nwarned\n")
    #expect(bench.leftovers.isEmpty)
  }

  @Test func `a program sees PATH, its directory and what it is given, nothing of this process`() async throws {
    setenv("CELERITY_TEST_SECRET", "hunter2", 1)
    let bench = try ProgramBench()
    let result = try await bench.shell("env; pwd; ls -ld .", environment: ["LANG": "C.UTF-8", "HOME": "/root"])
    let lines = result.text.split(separator: "\n").map(String.init)
    let directory = try #require(lines.last { $0.hasPrefix("/") })
    #expect(directory.hasSuffix("/1"))
    let variables = Set(lines.filter { $0.contains("=") && !$0.hasPrefix("_=") })
    #expect(
      variables == [
        "PATH=/usr/bin:/bin", "HOME=\(directory)", "TMPDIR=\(directory)", "PWD=\(directory)", "LANG=C.UTF-8",
      ])
    #expect(lines.last?.hasPrefix("drwx------") == true)
  }

  @Test func `standard input is at its end`() async throws {
    #expect(try await ProgramBench().shell("cat && echo over").text == "over\n")
  }

  @Test func `the log keeps its end`() async throws {
    let result = try await ProgramBench().shell("seq 1 200000", limits: ProgramLimits(log: 1000))
    #expect(result.log.count == 1000)
    #expect(result.text.hasSuffix("199999\n200000\n"))
  }

  @Test func `what is not installed is said to be so`() async throws {
    let bench = try ProgramBench()
    let error = await #expect(throws: ProgramError.self) {
      try await bench.programs.run(ProgramRun("celerity-no-such-program", []))
    }
    #expect(error?.code == .notInstalled)
    #expect(bench.programs.find("sh") != nil)
    #expect(bench.programs.find("../bin/sh") == nil)
    #expect(bench.programs.find("") == nil)
  }

  @Test(arguments: ["", ".", "..", "a/b", "/etc/passwd", "a\0b", String(repeating: "x", count: 256)])
  func `a name that is a path is refused before anything runs`(_ name: String) async throws {
    let bench = try ProgramBench()
    let asInput = await #expect(throws: ProgramError.self) { try await bench.shell("true", files: [(name, [])]) }
    let asOutput = await #expect(throws: ProgramError.self) { try await bench.shell("true", outputs: [name]) }
    #expect(asInput?.code == .failed && asOutput?.code == .failed)
  }

  @Test func `words with a NUL and names of variables with an equals sign are refused`() async throws {
    let bench = try ProgramBench()
    for run in [ProgramRun("sh", ["-c", "true\0"]), ProgramRun("sh", ["-c", "true"], environment: ["A=B": "c"])] {
      let error = await #expect(throws: ProgramError.self) { try await bench.programs.run(run) }
      #expect(error?.code == .failed)
    }
  }

  @Test func `two files of one name are refused and leave nothing`() async throws {
    let bench = try ProgramBench()
    await #expect(throws: ProgramError.self) { try await bench.shell("true", files: [("a", [1]), ("a", [2])]) }
    #expect(bench.leftovers.isEmpty)
  }

  @Test(arguments: ["ln -s /etc/hostname out", "mkfifo out", "mkdir out"])
  func `only an ordinary file is read`(_ making: String) async throws {
    let bench = try ProgramBench()
    let error = await #expect(throws: ProgramError.self) { try await bench.shell(making, outputs: ["out"]) }
    #expect(error?.code == .failed)
    #expect(bench.leftovers.isEmpty)
  }

  @Test func `a directory that another one was put in place of is not read`() async throws {
    let bench = try ProgramBench()
    let script = "here=$PWD; cd /; mv $here $here.old; mkdir $here; echo forged >$here/out; exit 0"
    let result = try await bench.shell(script, outputs: ["out"])
    #expect(result.outputs.isEmpty)
  }

  @Test func `what nests deep, may not be entered or looks like a path's end is removed`() async throws {
    let bench = try ProgramBench()
    let script = """
      i=0; while [ $i -lt 1500 ]; do mkdir d && cd d || exit 9; i=$((i+1)); done; cd $TMPDIR
      mkdir -p locked/in/side; touch locked/in/file; ln -s /etc link; chmod 000 locked/in locked
      """
    #expect(try await bench.shell(script).exitCode == 0)
    #expect(bench.leftovers.isEmpty)
    #expect(FileManager.default.fileExists(atPath: "/etc/hostname"))
  }

  @Test func `sixty-four runs at once leave no process and no directory`() async throws {
    let bench = try ProgramBench()
    let texts = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for index in 0..<64 {
        group.addTask { (index, try await bench.shell("echo $$ >f; (sleep 600 &); cat f").text) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    let leaders = texts.values.compactMap { Int($0.dropLast()) }
    #expect(Set(leaders).count == 64)
    // A leader that nobody had waited for would still have its number.
    for leader in leaders { #expect(!FileManager.default.fileExists(atPath: "/proc/\(leader)")) }
    #expect(bench.processes.isEmpty)
    #expect(bench.leftovers.isEmpty)
  }
}
