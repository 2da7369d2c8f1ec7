import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import Testing

@testable import Finance

@Suite struct StopTests {
  @Test("A cancelled simulation ends with the chunk it is at", arguments: [1, 5, 70])
  func simulationStops(patience: Int) async throws {
    let port = TestPort(patience: patience)
    await #expect(throws: CancellationError.self) {
      _ = try await run(
        "finance.monte_carlo", args: #"[100, 105, 0.25, 0.05, 1, "call", 5000000, 1]"#, port: port)
    }
    // It asks before each chunk of 8,192 pairs of paths, reports each chunk done, and begins none after the answer to stop.
    #expect(port.questions == patience + 1)
    #expect(try port.reports.map { try $0.number("current") } == (1...patience).map { Double($0) * 16_384 })
    #expect(try #require(port.reports.first).number("total") == 5_000_000)
  }

  @Test("A cancelled value at risk ends with the chunk it is at")
  func riskStops() async throws {
    let port = TestPort(patience: 2)
    await #expect(throws: CancellationError.self) {
      _ = try await run(
        "finance.calculate_var",
        kwargs: #"{"portfolio":{"positions":[{"symbol":"A","quantity":1,"price":1}]},"simulations":5000000}"#,
        port: port)
    }
    #expect(port.questions == 3)
    #expect(port.reports.count == 2)
  }

  @Test("Fixed seconds end when told")
  func fixedSecondsStop() async throws {
    let port = TestPort(patience: 3)
    await #expect(throws: CancellationError.self) {
      _ = try await run("finance.fixed_seconds", args: "[3600]", port: port)
    }
    #expect(port.questions == 4)
  }

  @Test("Simulations count up to what was asked for, in whole numbers", arguments: [4, 5, 100_001])
  func simulationCounts(paths: Int) async throws {
    let port = TestPort()
    _ = try await run("finance.monte_carlo", args: #"[100, 105, 0.25, 0.05, 1, "call", \#(paths), 1]"#, port: port)
    #expect(port.reports.last?.description == #"{"current":\#(paths),"total":\#(paths)}"#)
  }

  @Test("Fixed seconds tell how far they are, a few times a second")
  func fixedSecondsReport() async throws {
    let port = TestPort()
    _ = try await run("finance.fixed_seconds", args: "[1]", port: port)
    #expect((1...3).contains(port.reports.count))
    #expect(
      try port.reports.allSatisfy { try $0.number("total") == 1 && (0.2...1).contains(try $0.number("current")) })
  }

  @Test("An optimisation ends when told")
  func optimisationStops() async throws {
    let rows = (0..<40).map { i in
      "[" + (0..<20).map { j in "\(Double((i * 7 + j * 3) % 11) / 100)" }.joined(separator: ",") + "]"
    }
    let names = (0..<20).map { #""A\#($0)""# }.joined(separator: ",")
    await #expect(throws: CancellationError.self) {
      _ = try await run(
        "finance.optimize", args: "[[\(names)], [\(rows.joined(separator: ","))]]", port: TestPort(patience: 0))
    }
  }

  @Test(
    "Refused input is a ValueError with the field's name, and is not retried",
    arguments: [
      ("finance.compound_interest", "[-1, 0.05]", "/amount"), ("finance.compound_interest", "[1, 2]", "/rate"),
      ("finance.calculate_var", #"[{"positions":[]}]"#, "/portfolio/positions"),
      ("finance.monte_carlo", "[100, 105, 0, 0.05, 1]", "/volatility"),
      ("finance.optimize", #"[["A","B"], [[0,0],[0,0]], {"max_weight":0.4}]"#, "/constraints/max_weight"),
      ("finance.stress_test", #"[{"positions":[{"symbol":"A","quantity":1,"price":1}]}, []]"#, "/scenarios"),
    ])
  func refusedInput(task: String, args: String, field: String) async throws {
    let error = try await #require(throws: FinanceError.self) { _ = try await run(task, args: args) }
    let failure = TaskFailure(describing: error)
    #expect(failure.type == "ValueError")
    #expect(failure.module == "builtins")
    #expect(failure.message.hasPrefix(field + ": "))
    let options = try #require(try TaskRegistry(FinanceService().tasks)[task]).options
    var random = SeededRandom(seed: 1)
    #expect(options.retry.delay(after: failure, retries: 0, using: &random) == nil)
  }

  @Test("A method that gave up is an ArithmeticError")
  func arithmetic() {
    let error = FinanceError(.notConverged, at: .root, "no answer within 100 steps")
    #expect(error.taskFailure.type == "ArithmeticError")
    #expect(error.taskFailure.message == "no answer within 100 steps")
  }

  @Test(
    "What would end the same way again is not tried again",
    arguments: [
      TaskFailure(type: "ArithmeticError", module: "builtins", message: ""), .timeLimitExceeded(600),
      .softTimeLimitExceeded(540),
    ])
  func fatal(_ failure: TaskFailure) {
    var random = SeededRandom(seed: 1)
    for task in FinanceService().tasks {
      #expect(type(of: task).options.retry.delay(after: failure, retries: 0, using: &random) == nil)
    }
  }

  @Test("Other errors of a calculation are tried three times more")
  func transient() {
    var random = SeededRandom(seed: 1)
    let failure = TaskFailure(type: "OSError", module: "builtins", message: "")
    for retries in 0..<3 {
      #expect(financeOptions.retry.delay(after: failure, retries: retries, using: &random) != nil)
    }
    #expect(financeOptions.retry.delay(after: failure, retries: 3, using: &random) == nil)
  }

  @Test("Arguments that do not fit are a TypeError")
  func unfit() async throws {
    for (task, args, kwargs) in [
      ("finance.compound_interest", #"["x", 0.05]"#, "{}"), ("finance.compound_interest", "[1]", "{}"),
      ("finance.compound_interest", "[1, 0.1, 12, 1, \"daily\", 6]", "{}"),
      ("finance.compound_interest", "[1, 0.1]", #"{"rate":0.1}"#),
      ("finance.compound_interest", "[1]", #"{"rates":0.1}"#), ("finance.fixed_seconds", "[3601]", "{}"),
      ("finance.health_check", "[1]", "{}"),
    ] {
      let error = try await #require(throws: ArgumentError.self) { _ = try await run(task, args: args, kwargs: kwargs) }
      #expect(TaskFailure(describing: error).type == "TypeError")
    }
  }
}
