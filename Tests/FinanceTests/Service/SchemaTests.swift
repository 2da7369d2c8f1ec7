import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import Testing

@testable import Finance

@Suite struct SchemaTests {
  private static func kind(_ task: String) throws -> TaskKind {
    try #require(try TaskRegistry(FinanceService().tasks)[task])
  }

  private static func schema(_ task: String) throws -> RawJSON {
    try RawJSON(validating: kind(task).parameters.schema.json.bytes)
  }

  @Test("The published schema takes the canonical arguments", arguments: Accepted.all)
  func takesCanonicalArguments(_ wanted: Accepted) throws {
    let request = try CalculationRequest(try RawJSON(validating: wanted.body))
    #expect(SchemaCheck.faults(of: request.kwargs, against: try Self.schema(request.task)) == [])
  }

  @Test(
    "Names and order of the parameters, and which must be there",
    arguments: [
      ("compound_interest", ["amount", "rate", "periods", "years", "compounding"], ["amount", "rate"]),
      ("calculate_var", ["portfolio", "confidence_level", "time_horizon", "simulations", "seed"], ["portfolio"]),
      (
        "monte_carlo",
        [
          "spot_price", "strike_price", "volatility", "risk_free_rate", "time_to_maturity", "option_type",
          "simulations",
          "seed",
        ], ["spot_price", "strike_price", "volatility", "risk_free_rate", "time_to_maturity"]
      ),
      ("optimize", ["assets", "returns", "constraints"], ["assets", "returns"]),
      ("stress_test", ["portfolio", "scenarios", "confidence_level", "time_horizon"], ["portfolio", "scenarios"]),
      ("health_check", [], []), ("fixed_seconds", ["seconds"], ["seconds"]),
    ])
  func parameters(task: String, names: [String], required: [String]) throws {
    let schema = try Self.schema("finance." + task)
    #expect(schema["type"] == .string("object"))
    #expect(schema["properties"]?.names ?? [] == names)
    #expect((schema["required"]?.elements() ?? []).compactMap(\.stringValue) == required)
    #expect(schema["additionalProperties"] == .false)
  }

  @Test(
    "Published bounds are those of the calculation",
    arguments: [
      (
        "compound_interest", #"{"amount":1,"rate":0.5}"#, "amount", ["0", "-1", "1000000000001", "\"1\""],
        ["1000000000000"]
      ),
      ("compound_interest", #"{"amount":1,"rate":0.5}"#, "rate", ["-0.1", "1.1"], ["0", "1"]),
      ("compound_interest", #"{"amount":1,"rate":0.5}"#, "periods", ["0", "525601", "1.5"], ["1", "525600"]),
      ("compound_interest", #"{"amount":1,"rate":0.5}"#, "years", ["0", "1000.5"], ["0.1", "1000"]),
      ("compound_interest", #"{"amount":1,"rate":0.5}"#, "compounding", ["\"weekly\"", "1"], ["\"semiannual\""]),
      ("monte_carlo", option, "volatility", ["0", "10.5"], ["0.001", "10"]),
      ("monte_carlo", option, "risk_free_rate", ["-1.1", "1.1"], ["-1", "1"]),
      ("monte_carlo", option, "time_to_maturity", ["0", "101"], ["100"]),
      ("monte_carlo", option, "simulations", ["3", "5000001"], ["4", "5000000"]),
      ("monte_carlo", option, "option_type", ["\"both\""], ["\"call\"", "\"put\""]),
      ("monte_carlo", option, "seed", ["-1", "0.5"], ["0", "null", "9007199254740991"]),
      ("calculate_var", risk, "simulations", ["0", "5000001"], ["1"]),
      ("calculate_var", risk, "confidence_level", ["0", "1.5"], ["0.999"]),
      ("calculate_var", risk, "time_horizon", ["0", "10001"], ["10000"]),
      (
        "calculate_var", risk, "portfolio", [#"{"positions":[]}"#, "[]"],
        [#"{"positions":[\#(position)],"correlations":null}"#]
      ),
      (
        "optimize", past, "constraints",
        [
          #"{"min_weight":-0.1}"#, #"{"max_weight":0}"#, #"{"max_weight":1.5}"#, #"{"risk_free_rate":2}"#,
          #"{"objective":"best"}"#,
        ], ["{}", #"{"objective":"target_return","target_return":0.01}"#, #"{"objective":"min_variance"}"#]
      ),
      (
        "stress_test", stress, "scenarios",
        [
          "[]", #"[{"equity_shock":-0.1}]"#, #"[{"name":"a","equity_shock":-1.1}]"#,
          #"[{"name":"a","volatility_shock":-1}]"#, #"[{"name":"a","correlation_shock":2}]"#,
        ], [#"[{"name":"a"}]"#, #"[{"name":"a","equity_shock":-1,"volatility_shock":2,"correlation_shock":0.9}]"#]
      ),
      ("fixed_seconds", #"{"seconds":1}"#, "seconds", ["-1", "3601", "\"1\""], ["0", "3600"]),
    ])
  func bounds(task: String, base: String, member: String, wrong: [String], right: [String]) throws {
    let schema = try Self.schema("finance." + task)
    for (values, isRight) in [(wrong, false), (right, true)] {
      for value in values {
        let others = try #require(try RawJSON(validating: base).members()).filter { $0.name != member }
        let body = RawJSON.object(others.map { ($0.name, $0.value) } + [(member, try RawJSON(validating: value))])
        #expect(SchemaCheck.faults(of: body, against: schema).isEmpty == isRight, "schema, \(member) \(value)")
        let request = RawJSON.object([("task_type", .string(task)), ("data", body)])
        let isTaken = (try? CalculationRequest(request)) != nil
        #expect(isTaken == isRight, "calculation, \(member) \(value)")
      }
    }
  }

  @Test("A default in a schema is what a missing argument becomes", arguments: Accepted.all)
  func defaults(_ wanted: Accepted) throws {
    let request = try CalculationRequest(try RawJSON(validating: wanted.body))
    let schema = try Self.schema(request.task)
    let given = try RawJSON(validating: wanted.body)
    for property in schema["properties"]?.members() ?? [] {
      guard let value = property.value["default"], given["data"]?[property.name] == nil, given[property.name] == nil
      else { continue }
      let canonical = try #require(request.kwargs[property.name])
      #expect(canonical == value || canonical.doubleValue == value.doubleValue, "\(property.name)")
    }
  }

  @Test("Result schemas are valid and name what results hold", arguments: Call.all)
  func results(_ call: Call) async throws {
    let schema = try #require(try Self.kind(call.task).outputSchema)
    let json = try RawJSON(validating: schema.json.bytes)
    let names = json["properties"]?.names ?? []
    #expect(Set(names).isSuperset(of: call.members + ["computation_time", "metadata"]))
    let result = try await run(call.task, args: call.args, kwargs: call.kwargs)
    #expect(SchemaCheck.faults(of: result, against: json) == [])
  }

  @Test("Routes publish valid schemas")
  func routes() throws {
    for route in FinanceService().routes {
      let schemas = [route.request].compactMap { $0 } + route.responses.compactMap(\.schema)
      for schema in schemas { _ = try RawJSON(validating: schema.json.bytes) }
      #expect(!route.responses.isEmpty)
    }
  }

  @Test("The route's schema takes every body the route takes", arguments: Accepted.all)
  func routeSchema(_ wanted: Accepted) throws {
    // Null for "not given" and `normal` for `medium` are tolerated beyond what is published.
    guard !["null", "\"normal\""].contains(where: wanted.body.contains) else { return }
    let route = try #require(FinanceService().routes.first { $0.method == .post })
    let schema = try RawJSON(validating: try #require(route.request).json.bytes)
    #expect(SchemaCheck.faults(of: try RawJSON(validating: wanted.body), against: schema) == [])
  }
}

private let option =
  #"{"spot_price":100,"strike_price":105,"volatility":0.25,"risk_free_rate":0.05,"time_to_maturity":1}"#
private let position = #"{"symbol":"A","quantity":1,"price":1}"#
private let risk = #"{"portfolio":{"positions":[\#(position)]}}"#
private let past = #"{"assets":["A","B"],"returns":[[0.01,0.02],[0.03,0.01]]}"#
private let stress = #"{"portfolio":{"positions":[\#(position)]},"scenarios":[{"name":"a"}]}"#
