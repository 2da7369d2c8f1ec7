import CelerityCore
import Testing

/// A body that is taken, and what becomes of it.
struct Accepted: Sendable, CustomTestStringConvertible {
  var body: String
  var task: String
  var kwargs: String
  var priority = Priority.normal
  var queue = "finance"

  var testDescription: String { body }
}

private let interest = "finance.compound_interest"
private let defaults = #"{"amount":10000,"rate":0.05,"periods":12,"years":1}"#
private let position = #"{"symbol":"A","quantity":100,"price":150}"#
private let portfolio = #"{"positions":[{"symbol":"A","quantity":100,"price":150}],"volatilities":{"A":0.25}}"#
private let risk =
  #"{"portfolio":\#(portfolio),"confidence_level":0.95,"time_horizon":10,"simulations":100000}"#
private let option =
  #""spot_price":100,"strike_price":105,"volatility":0.25,"risk_free_rate":0.05,"time_to_maturity":1"#
private let priced = #"{\#(option),"option_type":"call","simulations":100000}"#
private let constraints = #""constraints":{"risk_free_rate":0.02,"min_weight":0,"max_weight":1}"#
private let past = #""assets":["A","B"],"returns":[[0.01,0.02],[0.03,-0.01]]"#
private let stress =
  #"{"portfolio":{"positions":[\#(position)],"volatilities":{}},"scenarios":[{"name":"c","equity_shock":-0.35,"#
  + #""volatility_shock":1}],"confidence_level":0.95,"time_horizon":10}"#

extension Accepted {
  static let all = interestBodies + outerBodies + otherCalculations + serviceTasks

  static let interestBodies: [Accepted] = [
    // The service's documentation, and the same flat.
    .init(body: #"{"data": {"amount": 10000, "rate": 0.05}}"#, task: interest, kwargs: defaults),
    .init(body: #"{"amount": 10000, "rate": 0.05}"#, task: interest, kwargs: defaults),
    // The form of load scripts: older names and a priority beside them.
    .init(
      body: #"{"amount": 10000, "interest_rate": 0.05, "years": 10, "priority": "high"}"#, task: interest,
      kwargs: #"{"amount":10000,"rate":0.05,"periods":12,"years":10}"#, priority: .high),
    .init(body: #"{"data": {"amount": 10000, "interest_rate": 0.05}}"#, task: interest, kwargs: defaults),
    .init(body: #"{"rate": 0.05, "interest_rate": 0.9, "amount": 10000}"#, task: interest, kwargs: defaults),
    .init(
      body: #"{"data":{"amount":10000,"rate":0.05,"compounding":"daily"}}"#, task: interest,
      kwargs: #"{"amount":10000,"rate":0.05,"periods":12,"years":1,"compounding":"daily"}"#),
    .init(body: #"{"data":{"amount":1e4,"rate":5e-2,"periods":12,"years":1.0}}"#, task: interest, kwargs: defaults),
    .init(
      body: #"{"data":{"amount":10000,"rate":0.05,"periods":null,"years":null,"compounding":null}}"#, task: interest,
      kwargs: defaults),
    .init(
      body: #"{"data":{"amount":10000,"rate":0}}"#, task: interest,
      kwargs: #"{"amount":10000,"rate":0,"periods":12,"years":1}"#),
    .init(
      body: #"{"data":{"amount":1000000000000,"rate":1}}"#, task: interest,
      kwargs: #"{"amount":1000000000000,"rate":1,"periods":12,"years":1}"#),
    .init(
      body: #"{"data":{"amount":10000,"rate":0.05,"currency":"EUR","note":{"a":[1]}},"client":"x"}"#, task: interest,
      kwargs: defaults),
    .init(
      body: #"{"data":{"amount":10000,"rate":0.05,"task_type":"compound_interest"}}"#, task: interest, kwargs: defaults),
  ]

  static let outerBodies: [Accepted] = [
    .init(
      body: #"{"task_type":"compound_interest","data":{"amount":10000,"rate":0.05}}"#, task: interest, kwargs: defaults),
    .init(body: #"{"task_type":"compound_interest","amount":10000,"rate":0.05}"#, task: interest, kwargs: defaults),
    .init(
      body: #"{"task_type":null,"data":{"task_type":"fixed_seconds","seconds":2}}"#, task: "finance.fixed_seconds",
      kwargs: #"{"seconds":2}"#),
    .init(
      body: #"{"task_type":"compound_interest","data":{"task_type":"stress_test","amount":10000,"rate":0.05}}"#,
      task: interest, kwargs: defaults),
    .init(
      body: #"{"data":{"amount":10000,"rate":0.05,"task_type":null},"priority":null,"queue":null}"#, task: interest,
      kwargs: defaults),
    .init(
      body: #"{"data":{"amount":10000,"rate":0.05},"priority":"low"}"#, task: interest, kwargs: defaults, priority: .low
    ),
    .init(body: #"{"data":{"amount":10000,"rate":0.05},"priority":"medium"}"#, task: interest, kwargs: defaults),
    .init(body: #"{"data":{"amount":10000,"rate":0.05},"priority":"normal"}"#, task: interest, kwargs: defaults),
    .init(
      body: #"{"data":{"amount":10000,"rate":0.05},"queue":"reports"}"#, task: interest, kwargs: defaults,
      queue: "reports"),
    .init(
      body: #"{"data":{"amount":10000,"rate":0.05},"queue":"\#(String(repeating: "q", count: 50))"}"#, task: interest,
      kwargs: defaults, queue: String(repeating: "q", count: 50)),
    .init(
      body: #"{"data":{"amount":10000,"rate":0.05},"queue":"Größe 🎲"}"#, task: interest, kwargs: defaults,
      queue: "Größe 🎲"),
  ]

  static let otherCalculations: [Accepted] = [
    .init(body: #"{"data":{"portfolio":\#(portfolio)}}"#, task: "finance.calculate_var", kwargs: risk),
    .init(body: #"{"portfolio_data":\#(portfolio)}"#, task: "finance.calculate_var", kwargs: risk),
    .init(body: #"{"data":\#(portfolio)}"#, task: "finance.calculate_var", kwargs: risk),
    .init(body: portfolio, task: "finance.calculate_var", kwargs: risk),
    .init(
      body: #"{"data":{"positions":[\#(position)],"correlations":[[1]],"simulations":7,"seed":18446744073709551615}}"#,
      task: "finance.calculate_var",
      kwargs: #"{"portfolio":{"positions":[\#(position)],"volatilities":{},"correlations":[[1]]},"#
        + #""confidence_level":0.95,"time_horizon":10,"simulations":7,"seed":18446744073709551615}"#),
    .init(body: #"{"data":{\#(option)}}"#, task: "finance.monte_carlo", kwargs: priced),
    .init(body: #"{\#(option),"task_type":"monte_carlo"}"#, task: "finance.monte_carlo", kwargs: priced),
    .init(
      body: #"{"data":{\#(option),"option_type":"put","simulations":1000,"seed":7}}"#, task: "finance.monte_carlo",
      kwargs: #"{\#(option),"option_type":"put","simulations":1000,"seed":7}"#),
    .init(body: #"{"data":{\#(past)}}"#, task: "finance.optimize", kwargs: #"{\#(past),\#(constraints)}"#),
    .init(
      body: #"{"data":{\#(past),"constraints":{"target_return":0.01,"objective":"target_return"}}}"#,
      task: "finance.optimize",
      kwargs: #"{\#(past),"constraints":{"target_return":0.01,"risk_free_rate":0.02,"min_weight":0,"#
        + #""max_weight":1,"objective":"target_return"}}"#),
    .init(
      body: #"{"data":{"portfolio":{"positions":[\#(position)]},"scenarios":[{"name":"c","equity_shock":-0.35}]}}"#,
      task: "finance.stress_test", kwargs: stress),
    .init(
      body: #"{"positions":[\#(position)],"scenarios":[{"name":"c","equity_shock":-0.35}],"priority":"high"}"#,
      task: "finance.stress_test", kwargs: stress, priority: .high),
  ]

  static let serviceTasks: [Accepted] = [
    .init(body: #"{"data":{},"task_type":"health_check"}"#, task: "finance.health_check", kwargs: "{}"),
    .init(body: #"{"data":{"task_type":"health_check","x":1}}"#, task: "finance.health_check", kwargs: "{}"),
    .init(body: #"{"task_type":"health_check"}"#, task: "finance.health_check", kwargs: "{}"),
    .init(
      body: #"{"task_type":"fixed_seconds","seconds":0.5}"#, task: "finance.fixed_seconds",
      kwargs: #"{"seconds":0.5}"#),
  ]
}
