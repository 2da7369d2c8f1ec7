import Celerity
import CelerityApp

struct Greet: TaskDefinition {
  static let name = "greetings.greet"
  static let options = TaskOptions(queue: "greetings", retry: .exponential(max: 3))

  struct Input: TaskInput {
    var name: String
    var times: Int = 1
    static let arguments = [Argument(CodingKeys.times, "How often.", default: 1, minimum: 1, maximum: 100)]
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> [String] {
    context.log("greeting \(input.name)")
    return Array(repeating: "Hello, \(input.name)!", count: input.times)
  }
}

struct GreetingService: ServiceDefinition {
  static let name = "greetings"
  let tasks: [any TaskDefinition] = [Greet()]
  let schedules = [
    ScheduleEntry(
      "hello-world", .interval(seconds: 1), task: Greet.name, kwargs: .object([("name", .string("world"))]),
      queue: Greet.options.queue)
  ]
  var routes: [Route] {
    let greet = Route(.post, "/greet/{name}", operationID: "greet", summary: "Greets somebody.") { request, platform in
      let id = try await platform.tasks.submit(Greet.self, Greet.Input(name: request.parameters["name"] ?? "you"))
      return try .json(202, encoding: ["id": id.text])
    }
    return [greet]
  }
}

@main struct Main {
  static func main() async { await CelerityCommand.main(services: [GreetingService()]) }
}
