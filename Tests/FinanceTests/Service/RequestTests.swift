import CelerityJSON
import CelerityRoutes
import CelerityTasks
import Testing

@testable import Finance

@Suite struct RequestTests {
  @Test("A body names its task and becomes canonical arguments", arguments: Accepted.all)
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

  @Test("A wrong body is 422 with the place of the fault", arguments: Refused.all)
  func refuses(_ wrong: Refused) throws {
    let body = try RawJSON(validating: wrong.body)
    let error = try #require(throws: RouteError.self) { try CalculationRequest(body) }
    #expect(error.status == 422)
    #expect(error.code == wrong.code)
    #expect(error.issues.map(\.pointer) == [wrong.pointer])
    #expect(!error.detail.isEmpty)
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
