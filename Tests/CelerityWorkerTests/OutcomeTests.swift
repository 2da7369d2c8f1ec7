import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityTesting
import Testing

@testable import CelerityWorker

@Suite("What the end of an attempt means")
struct OutcomeTests {
  private static let seven: Result<RawJSON, any Error> = .success(.integer(7))
  private static let broken = TaskFailure(describing: Broken())

  private func outcome(
    _ result: Result<RawJSON, any Error>, stop: StopReason? = nil, _ options: TaskOptions = TaskOptions(),
    retries: Int = 0, with extras: Extra...
  ) -> Outcome? {
    var message = TaskMessage(id: TaskID(stored: "t"), task: "scripted", retries: retries)
    for extra in extras { extra.set(on: &message) }
    var random = SeededRandom(seed: 1)
    return OutcomeRule(message: message, options: options).outcome(of: result, stop: stop, using: &random)
  }

  private enum Extra {
    case ignoreResult(Bool)
    case maxRetries(Int)
    case soft(Double)
    case hard(Double)

    func set(on message: inout TaskMessage) {
      switch self {
      case .ignoreResult(let value): message.extras.ignoreResult = value
      case .maxRetries(let value): message.extras.maxRetries = value
      case .soft(let value): message.extras.softTimeLimit = value
      case .hard(let value): message.extras.timeLimit = value
      }
    }
  }

  @Test("A value is a success, whatever the code was told meanwhile, unless the lease is lost")
  func values() {
    for stop in [StopReason?.none, .cancelled, .shutdown, .softTimeLimit, .timeLimit] {
      #expect(outcome(Self.seven, stop: stop) == .success(.integer(7)))
    }
    #expect(outcome(Self.seven, stop: .leaseLost) == nil)
  }

  @Test("A result that nobody wants is not kept; the message decides before the task")
  func ignoredResults() {
    #expect(outcome(Self.seven, Resultless.options) == .ignored)
    #expect(outcome(Self.seven, with: .ignoreResult(true)) == .ignored)
    #expect(outcome(Self.seven, Resultless.options, with: .ignoreResult(false)) == .success(.integer(7)))
  }

  @Test("An error of code that was told to stop ends as the reason says")
  func stopped() {
    let error = Result<RawJSON, any Error>.failure(CancellationError())
    #expect(outcome(error, stop: .cancelled) == .revoked(reason: .terminated))
    #expect(outcome(error, stop: .shutdown) == .released(after: .zero, reason: .shutdown))
    #expect(outcome(error, stop: .leaseLost) == nil)
    #expect(outcome(error, stop: .timeLimit, with: .hard(5)) == .failure(.timeLimitExceeded(5)))
    let soft = outcome(error, stop: .softTimeLimit, with: .soft(2))
    #expect(soft == .failure(.softTimeLimitExceeded(2)))
  }

  @Test("An error of its own after the soft limit is that error")
  func errorAfterSoftLimit() {
    #expect(outcome(.failure(Broken()), stop: .softTimeLimit) == .failure(Self.broken))
  }

  @Test("A lost lease that the code noticed first leaves nothing to settle")
  func leaseLostInCode() {
    #expect(outcome(.failure(LeaseLost())) == nil)
    #expect(outcome(.failure(LeaseLost()), stop: .cancelled) == nil)
  }

  @Test("Errors are retried as often as the policy says, or as the message does")
  func retries() {
    let options = TwoRetries.options
    let again = Outcome.retry(after: .seconds(10), Self.broken)
    #expect(outcome(.failure(Broken()), options) == again)
    #expect(outcome(.failure(Broken()), options, retries: 1) == again)
    #expect(outcome(.failure(Broken()), options, retries: 2) == .failure(Self.broken))
    #expect(outcome(.failure(Broken()), options, with: .maxRetries(0)) == .failure(Self.broken))
    #expect(outcome(.failure(Broken()), with: .maxRetries(1)) == .retry(after: .zero, Self.broken))
  }

  @Test("A limit of time is retried like any failure")
  func retriedLimit() {
    let result = outcome(.failure(CancellationError()), stop: .timeLimit, TwoRetries.options, with: .hard(5))
    #expect(result == .retry(after: .seconds(10), .timeLimitExceeded(5)))
  }

  @Test("Retry takes the delay it names, or the policy's, within the maximum")
  func retryErrors() {
    let named = outcome(.failure(Retry(after: .seconds(90), "busy")), TwoRetries.options)
    #expect(named == .retry(after: .seconds(90), Retry("busy").failure))
    let policy = outcome(.failure(Retry(because: Broken())), TwoRetries.options)
    #expect(policy == .retry(after: .seconds(10), Self.broken))
    #expect(outcome(.failure(Retry("busy"))) == .failure(Retry("busy").failure))
  }

  @Test("Retry that says nothing of why ends as in Celery when there are no more")
  func causelessRetry() throws {
    let more = outcome(.failure(Retry(after: .seconds(90))), TwoRetries.options)
    #expect(more == .retry(after: .seconds(90), Retry().failure))
    guard case .failure(let failure) = try #require(outcome(.failure(Retry()))) else {
      throw TaskFailure(type: "Unexpected", message: "no failure")
    }
    #expect(failure.type == "MaxRetriesExceededError")
    #expect(failure.module == "celery.exceptions")
    #expect(failure.message.hasPrefix("Can't retry "))
    #expect(failure.message.hasSuffix("args:() kwargs:{}"))
    #expect(failure.arguments == [.string(failure.message)])
  }

  @Test("Ignore and Reject end the task at once, arguments that do not fit likewise")
  func finalErrors() {
    #expect(outcome(.failure(Ignore()), TwoRetries.options) == .ignored)
    let rejected = TaskFailure(type: "Reject", module: "celery.exceptions", message: "never")
    #expect(outcome(.failure(Reject("never")), TwoRetries.options) == .rejected(rejected))
    let unfit = ArgumentError(task: "scripted", issues: [.init(pointer: "/kwargs/n", detail: "is missing")])
    #expect(outcome(.failure(unfit), TwoRetries.options) == .failure(TaskFailure(describing: unfit)))
  }

  @Test("The message's limits win over the task's; nonsense leaves the task's")
  func limits() {
    let options = TaskOptions(timeLimit: .seconds(60), softTimeLimit: .seconds(50))
    var message = TaskMessage(id: TaskID(stored: "t"), task: "scripted")
    #expect(OutcomeRule(message: message, options: options).hardLimit == .seconds(60))
    message.extras.timeLimit = 3
    message.extras.softTimeLimit = .infinity
    let rule = OutcomeRule(message: message, options: options)
    #expect(rule.hardLimit == .seconds(3))
    #expect(rule.softLimit == .seconds(50))
    #expect(rule.hasLimits)
    #expect(!OutcomeRule(message: TaskMessage(id: message.id, task: "x"), options: TaskOptions()).hasLimits)
  }
}
