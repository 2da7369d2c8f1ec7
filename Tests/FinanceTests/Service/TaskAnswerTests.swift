import CelerityCore
import CelerityJSON
import CelerityTasks
import Testing

@testable import Finance

/// A call of a task as a client's `args` and `kwargs`.
struct Call: Sendable, CustomTestStringConvertible {
  var task: String
  var args = "[]"
  var kwargs = "{}"
  /// The members its result has before `computation_time` and `metadata`.
  var members: [String]
  /// Numbers its result has.
  var answers: [String: Double] = [:]
  /// How far an answer may be off, as a share of it.
  var tolerance = 1e-9

  var testDescription: String { "\(task) \(args) \(kwargs)" }
}

private let interest = ["total", "interest", "effective_annual_rate", "calculation_type", "schedule"]
private let risk = [
  "var_amount", "expected_shortfall", "portfolio_value", "simulation_count", "confidence_level", "time_horizon_days",
]
private let price = ["option_price", "standard_error", "confidence_interval", "simulations"]
private let weights = [
  "optimal_weights", "expected_return", "portfolio_risk", "sharpe_ratio", "optimization_success",
]
private let losses = ["scenario_results", "worst_case_loss", "avg_loss", "scenarios_tested"]
private let one = #"{"positions":[{"symbol":"A","quantity":100,"price":150}],"volatilities":{"A":0.25}}"#
private let two =
  #"{"positions":[{"symbol":"A","quantity":100,"price":150},{"symbol":"B","quantity":50,"price":100}],"#
  + #""volatilities":{"A":0.25,"B":0.3},"correlations":[[1,0.7],[0.7,1]]}"#
private let option =
  #""spot_price":100,"strike_price":105,"volatility":0.25,"risk_free_rate":0.05,"time_to_maturity":1"#
private let past = #"[[0.01,0.01],[0.03,0.01],[0.01,0.03],[0.03,0.03]]"#
private let crash = #"[{"name":"crash","equity_shock":-0.35}]"#

extension Call {
  static let all: [Call] = [
    .init(
      task: "finance.compound_interest", args: "[10000, 0.05]", members: interest,
      answers: ["total": 10511.62, "interest": 511.62]),
    .init(
      task: "finance.compound_interest", kwargs: #"{"amount":10000,"rate":0.05,"periods":1}"#, members: interest,
      answers: ["total": 10500, "effective_annual_rate": 0.05]),
    .init(
      task: "finance.compound_interest", args: "[10000, 0.05, 365, 1]", members: interest,
      answers: ["total": 10512.67]),
    .init(
      task: "finance.compound_interest", args: "[10000, 0.05, 12, 1, \"continuous\"]", members: interest,
      answers: ["total": 10512.71]),
    .init(
      task: "finance.calculate_var", args: "[\(one), 0.95, 10, 100000, 1]", members: risk,
      answers: ["var_amount": 1228.74, "expected_shortfall": 1540.88], tolerance: 0.02),
    .init(
      task: "finance.calculate_var", kwargs: #"{"portfolio":\#(two),"seed":2}"#, members: risk,
      answers: ["var_amount": 1611.47, "portfolio_value": 20000], tolerance: 0.02),
    .init(
      task: "finance.calculate_var", kwargs: #"{"portfolio":\#(one),"simulations":1000,"seed":2}"#, members: risk,
      answers: ["simulation_count": 1000, "confidence_level": 0.95, "time_horizon_days": 10]),
    .init(
      task: "finance.monte_carlo", kwargs: #"{\#(option),"seed":3}"#, members: price,
      answers: ["option_price": 10.0022, "simulations": 100_000], tolerance: 0.02),
    .init(
      task: "finance.monte_carlo", args: #"[100, 105, 0.25, 0.05, 1, "put", 100000, 4]"#, members: price,
      answers: ["option_price": 9.8813], tolerance: 0.02),
    .init(
      task: "finance.optimize", args: #"[["A","B"], \#(past)]"#, members: weights,
      answers: ["expected_return": 0.02], tolerance: 1e-6),
    .init(
      task: "finance.optimize",
      kwargs: #"{"assets":["A","B"],"returns":\#(past),"constraints":{"objective":"min_variance"}}"#, members: weights,
      answers: ["expected_return": 0.02], tolerance: 1e-6),
    .init(
      task: "finance.stress_test", args: "[\(one), \(crash)]", members: losses,
      answers: ["worst_case_loss": -0.35, "avg_loss": -0.35, "scenarios_tested": 1]),
    .init(
      task: "finance.stress_test", kwargs: #"{"portfolio":\#(two),"scenarios":\#(crash)}"#, members: losses,
      answers: ["scenarios_tested": 1]),
  ]
}

@Suite struct TaskAnswerTests {
  @Test("A task gives the known answer under the promised names, with how it came about", arguments: Call.all)
  func answers(_ call: Call) async throws {
    let result = try await run(call.task, args: call.args, kwargs: call.kwargs)
    for name in call.members + ["computation_time", "metadata"] { #expect(result[name] != nil, "\(name)") }
    #expect(Set(result.names).count == result.names.count)
    for (name, wanted) in call.answers {
      #expect(abs(try result.number(name) - wanted) <= abs(wanted) * call.tolerance, "\(name)")
    }
    let time = try result.number("computation_time")
    let metadata = try #require(result["metadata"])
    #expect(time >= 0 && time < 60)
    #expect(try metadata.number("execution_time_seconds") == time)
    #expect(try metadata.text("worker") == "tester")
  }

  @Test("The parameters in the metadata are a call that gives the same result", arguments: Call.all)
  func parametersRepeatTheCall(_ call: Call) async throws {
    let first = try await run(call.task, args: call.args, kwargs: call.kwargs)
    let parameters = try #require(first["metadata"]?["parameters"])
    let again = try await run(call.task, kwargs: parameters.description)
    for name in call.members { #expect(first[name]?.sorted == again[name]?.sorted, "\(name)") }
  }

  @Test("Two alike and independent assets get a half each")
  func halves() async throws {
    let result = try await run("finance.optimize", args: #"[["A","B"], \#(past)]"#)
    for asset in ["A", "B"] {
      #expect(abs(try #require(result["optimal_weights"]).number(asset) - 0.5) < 1e-6)
    }
    #expect(result["optimization_success"] == .true)
  }

  @Test("S4.24: A scenario tells loss and months of recovery")
  func scenario() async throws {
    let result = try await run("finance.stress_test", args: "[\(one), \(crash)]")
    let crash = try #require(result["scenario_results"]?.elements()?.first)
    #expect(try crash.text("scenario") == "crash")
    #expect(try crash.number("loss_amount") == -5250)
    #expect(try crash.number("loss_percentage") == -0.35)
    #expect(try crash.number("recovery_months") == 8.4)
  }

  @Test("The schedule of balances ends with the total")
  func schedule() async throws {
    let result = try await run("finance.compound_interest", args: "[1000, 0.1, 1, 3]")
    let balances = try #require(result["schedule"]?.elements()).map { try $0.number("balance") }
    #expect(balances == [1100, 1210, 1331])
    #expect(try result.number("total") == 1331)
    #expect(try result.text("calculation_type") == "compound_interest")
  }

  @Test("A seed gives the same numbers, another seed others, no seed reports the one it took")
  func seeds() async throws {
    func price(_ seed: String) async throws -> RawJSON {
      try await run("finance.monte_carlo", args: #"[100, 105, 0.25, 0.05, 1, "call", 20000, \#(seed)]"#)
    }
    let first = try await price("11")
    #expect(try await price("11")["option_price"] == first["option_price"])
    #expect(try await price("12")["option_price"] != first["option_price"])
    let unseeded = try await price("null")
    let again = try await price(try #require(unseeded["seed"]).description)
    #expect(again["option_price"] == unseeded["option_price"])
  }

  @Test("A result reads back as it was written")
  func roundTrip() async throws {
    let json = try await run("finance.compound_interest", args: "[10000, 0.05]")
    typealias Result = Calculated<CompoundInterestCalculation.Input, CompoundInterestCalculation.Output>
    let result = try RawJSONDecoder().decode(Result.self, from: json)
    #expect(try RawJSONEncoder().encode(result) == json)
    let risk = try await run("finance.calculate_var", kwargs: #"{"portfolio":\#(one),"simulations":10,"seed":1}"#)
    let read = try RawJSONDecoder().decode(
      Calculated<ValueAtRiskCalculation.Input, ValueAtRiskCalculation.Output>.self, from: risk)
    let names = try RawJSONEncoder().encode(read).names
    #expect(names.sorted() == risk.names.sorted())
  }

  @Test("S4.25: The health check names its worker")
  func health() async throws {
    let result = try await run("finance.health_check")
    #expect(try result.text("status") == "healthy")
    #expect(try result.text("worker") == "tester")
    #expect(try result.number("timestamp") > 1_600_000_000)
  }

  @Test("Fixed seconds are spent working")
  func fixedSeconds() async throws {
    let result = try await run("finance.fixed_seconds", args: "[0.02]")
    #expect(try result.number("seconds") >= 0.02)
    #expect(try result.number("rounds") >= 1)
  }
}
