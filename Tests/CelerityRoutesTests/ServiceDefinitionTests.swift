import CelerityCore
import CelerityCron
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import Testing

private struct Report: TaskDefinition {
  struct Input: TaskInput {
    var month: Int64
    var title: String?
  }
  static let name = "reports.monthly"
  static let options = TaskOptions(queue: "reports", priority: .low)
  func run(_ input: Input, _ context: TaskContext) async throws -> Int { 0 }
}

private struct Reports: ServiceDefinition {
  static let name = "reports"
  var tasks: [any TaskDefinition] { [Report()] }
}

@Suite struct ServiceDefinitionTests {
  @Test func `An entry for a typed task has its name, its input as keywords and its options`() throws {
    let schedule = try Schedule("0 4 1 * *")
    let entry = try ScheduleEntry("monthly", schedule, Report.self, .init(month: 9_007_199_254_740_993))
    #expect(
      entry
        == ScheduleEntry(
          "monthly", schedule, task: "reports.monthly", kwargs: try RawJSON(validating: #"{"month":9007199254740993}"#),
          queue: "reports", priority: .low))
  }

  @Test func `An entry fits the task it is for`() throws {
    let entry = try ScheduleEntry("m", Schedule("@daily"), Report.self, .init(month: 3, title: "March"))
    let kind = try #require(try TaskRegistry(Reports().tasks)[entry.task])
    #expect(throws: Never.self) { try kind.check(args: entry.args, kwargs: entry.kwargs) }
  }

  @Test func `An entry by name asks for nothing more than its task`() throws {
    let entry = ScheduleEntry("tick", .interval(seconds: 30), task: "demo.tick")
    #expect((entry.args, entry.kwargs) == (.emptyArray, .emptyObject))
    #expect(entry.queue == "default")
    #expect(entry.priority == nil)
  }

  @Test func `An input that is no JSON is refused when the entry is made`() throws {
    struct Ratio: TaskDefinition {
      struct Input: TaskInput { var value: Double }
      static let name = "demo.ratio"
      func run(_ input: Input, _ context: TaskContext) async throws -> Int { 0 }
    }
    #expect(throws: EncodingError.self) {
      try ScheduleEntry("r", .interval(seconds: 30), Ratio.self, .init(value: .infinity))
    }
  }

  @Test func `A service without routes and schedules declares neither`() {
    #expect(Reports().routes.isEmpty)
    #expect(Reports().schedules.isEmpty)
  }

  @Test func `Answers carry their body as said`() throws {
    guard case .json(let json) = try RouteResponse.json(201, encoding: ["a": 1]).body else {
      Issue.record("the body is no JSON")
      return
    }
    #expect(json.description == #"{"a":1}"#)
    let text = RouteResponse.text(503, "späť")
    guard case .bytes(let bytes, let contentType) = text.body else {
      Issue.record("the body is no text")
      return
    }
    #expect(text.status == 503)
    #expect(bytes == Array("späť".utf8))
    #expect(contentType == "text/plain; charset=utf-8")
  }
}
