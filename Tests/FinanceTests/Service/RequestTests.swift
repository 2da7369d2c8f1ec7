import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import Testing

@testable import Finance

private let option =
  #""spot_price": 100, "strike_price": 105, "volatility": 0.2, "risk_free_rate": 0.05, "time_to_maturity": 1"#

@Suite struct RequestTests {
  @Test("S4.01, C4.3: A body names its task and becomes canonical arguments", arguments: Accepted.all)
  func accepts(_ wanted: Accepted) throws {
    let request = try CalculationRequest(try RawJSON(validating: wanted.body))
    #expect(request.task == wanted.task)
    // The writer gives every Double a decimal point.
    let kwargs = request.kwargs.description.replacing(/\.0([,}\]])/) { $0.1 }
    #expect(kwargs == wanted.kwargs)
    #expect(request.priority == wanted.priority)
    #expect(request.queue == wanted.queue)
  }

  @Test("Canonical arguments are what a worker takes", arguments: Accepted.all)
  func workersTakeThem(_ wanted: Accepted) throws {
    let request = try CalculationRequest(try RawJSON(validating: wanted.body))
    let kind = try #require(try TaskRegistry(FinanceService().tasks)[request.task])
    try kind.check(args: .emptyArray, kwargs: request.kwargs)
  }

  @Test("S4.39: A wrong body is 422 with the place of the fault", arguments: Refused.all)
  func refuses(_ wrong: Refused) throws {
    let body = try RawJSON(validating: wrong.body)
    let error = try #require(throws: RouteError.self) { try CalculationRequest(body) }
    #expect(error.status == 422)
    #expect(error.code == wrong.code)
    #expect(error.issues.map(\.pointer) == [wrong.pointer])
    #expect(!error.detail.isEmpty)
  }

  @Test(
    "The platform refuses before it accepts what the calculation would refuse",
    arguments: [
      ("compound_interest", #"{"amount": -1000, "rate": 0.05}"#, "/kwargs/amount"),
      ("compound_interest", #"{"amount": 1000, "rate": 0.05, "compounding": "hourly"}"#, "/kwargs/compounding"),
      ("monte_carlo", #"{\#(option), "simulations": 10000000}"#, "/kwargs/simulations"),
      ("monte_carlo", #"{\#(option), "option_type": "swap"}"#, "/kwargs/option_type"),
      ("calculate_var", #"{"portfolio": {"positions": []}}"#, "/kwargs/portfolio/positions"),
      (
        "calculate_var", #"{"portfolio": {"positions": [{"symbol": "A", "quantity": 1, "price": -1}]}}"#,
        "/kwargs/portfolio/positions/0/price"
      ),
      ("fixed_seconds", #"{"seconds": 4000}"#, "/kwargs/seconds"),
    ])
  func refusedAtSubmission(task: String, kwargs: String, pointer: String) async throws {
    let kind = try #require(try TaskRegistry(FinanceService().tasks)["finance." + task])
    let values = try RawJSON(validating: kwargs)
    let error = try #require(throws: ArgumentError.self) { try kind.check(args: .emptyArray, kwargs: values) }
    #expect(error.issues.map(\.pointer) == [pointer])
  }

  @Test("A running task refuses as it always did: a ValueError, which is not tried again")
  func refusedAtRun() async throws {
    let error = try await #require(throws: FinanceError.self) {
      try await run("finance.compound_interest", kwargs: #"{"amount": -1, "rate": 0.05}"#)
    }
    #expect(error.taskFailure.type == "ValueError")
  }

  @Test("A mistyped task_type is answered with all words and the closest one")
  func guesses() throws {
    let body = try RawJSON(validating: #"{"task_type":"monte_carlos","data":{}}"#)
    let error = try #require(throws: RouteError.self) { try CalculationRequest(body) }
    #expect(error.detail.hasSuffix("did you mean 'monte_carlo'?"))
    for word in RequestedTask.words { #expect(error.detail.contains(word)) }
  }

  @Test("Every word of task_type is one the service runs")
  func wordsAreTasks() {
    let names = Set(FinanceService().tasks.map { type(of: $0).name })
    #expect(Set(RequestedTask.words.map { "finance." + $0 }) == names)
  }
}
