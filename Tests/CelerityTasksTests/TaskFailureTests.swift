import CelerityCore
import CelerityJSON
import CelerityTasks
import Testing

struct Plain: Error {
  var code = 7
  enum Inner: Error { case wrong(Int) }
}

private struct Hidden: Error, CustomStringConvertible {
  var description: String { "nobody sees me" }
  struct Inner: Error {}
}

struct Boxed<Value: Sendable>: Error {}

extension TaskContext {
  struct Refused: Error {}
}

private struct Translated: TaskFailureConvertible {
  var taskFailure: TaskFailure { TaskFailure(type: "ValueError", module: "builtins", message: "bad value") }
}

@Suite struct TaskFailureTests {
  private static let module = "CelerityTasksTests"

  @Test func `An error is its type's name, its module and its description`() {
    let failure = TaskFailure(describing: Plain())
    #expect(failure == TaskFailure(type: "Plain", module: Self.module, message: "Plain(code: 7)"))
    #expect(failure.arguments == [.string("Plain(code: 7)")])
    #expect(TaskFailure(describing: Hidden()).message == "nobody sees me")
  }

  @Test func `A nested type keeps the names it is nested in`() {
    let failure = TaskFailure(describing: Plain.Inner.wrong(3))
    #expect(failure == TaskFailure(type: "Plain.Inner", module: Self.module, message: "wrong(3)"))
  }

  @Test func `Private and local types are named without the address the runtime gives them`() {
    struct Local: Error {}
    #expect(TaskFailure(describing: Hidden()).type == "Hidden")
    #expect(TaskFailure(describing: Hidden.Inner()).type == "Hidden.Inner")
    #expect(TaskFailure(describing: Local()).type == "TaskFailureTests.Local")
    #expect(TaskFailure(describing: Boxed<Hidden>()).type == "Boxed<\(Self.module).Hidden>")
    #expect(TaskFailure(describing: Local()).module == Self.module)
  }

  @Test func `A type in an extension belongs to the module of the extension`() {
    let failure = TaskFailure(describing: TaskContext.Refused())
    #expect(failure.type == "TaskContext.Refused")
    #expect(failure.module == Self.module)
  }

  @Test func `An error that knows how it looks decides itself`() {
    #expect(TaskFailure(describing: Translated()) == Translated().taskFailure)
  }

  @Test func `A failure is itself`() {
    let failure = TaskFailure(
      type: "E", module: "m", message: "x", arguments: [], causes: [.init(type: "C", message: "")])
    #expect(TaskFailure(describing: failure) == failure)
  }

  @Test func `A wish to retry carries what led to it`() {
    #expect(Retry(after: .seconds(5), because: Plain()).failure == TaskFailure(describing: Plain()))
    #expect(Retry(because: Plain()).delay == nil)
    let asked = Retry(after: .seconds(5), "busy")
    #expect(asked.delay == .seconds(5))
    #expect(asked.failure == TaskFailure(type: "Retry", module: "celery.exceptions", message: "busy"))
  }
}
