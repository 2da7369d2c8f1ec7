import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

/// Adds; has bounds, a default and options of its own.
struct Add: TaskDefinition {
  static let name = "demo.add"
  static let options = TaskOptions(
    queue: "sums", priority: .high, timeLimit: .seconds(60), softTimeLimit: .seconds(50))

  struct Input: TaskInput {
    var x: Int
    var y: Int
    static let arguments = [Argument(CodingKeys.x, minimum: 0), Argument(CodingKeys.y, default: 1)]
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> Int { input.x + input.y }
}

/// Two values that have to go together.
struct Span: TaskDefinition {
  static let name = "demo.span"

  struct Input: TaskInput {
    var from: Int
    var to: Int

    func validate() throws {
      if to < from { throw Backwards() }
    }
  }

  struct Backwards: InputRefusal {
    let pointer = "/to"
    let detail = "must not be before from"
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> Int { input.to - input.from }
}

/// Takes any JSON value.
struct Echo: TaskDefinition {
  static let name = "demo.echo"

  struct Input: TaskInput {
    var value: RawJSON
  }

  func run(_ input: Input, _ context: TaskContext) async throws -> RawJSON { input.value }
}

/// A service with an envelope of its own and routes that fail in every way.
struct Shop: ServiceDefinition {
  static let name = "shop"
  var tasks: [any TaskDefinition] { [] }

  var routes: [Route] {
    [
      Route(
        .post, "/orders", operationID: "order", summary: "Echoes its body", request: JSONSchema(.any),
        envelope: .custom(Self.envelope), maximumBodyBytes: 64
      ) { request, _ in .json(201, try request.json()) },
      Route(
        .get, "/orders/{id}", operationID: "showOrder", summary: "Echoes its id", envelope: .custom(Self.envelope)
      ) { request, _ in .json(200, .string(request.parameters["id"] ?? "")) },
      Route(.get, "/peer", operationID: "peer", summary: "Tells where it was asked from") { request, _ in
        .text(200, request.peer ?? "unknown")
      },
      failing("/broken", NeverForeseen()),
      failing("/away", EngineError(.unavailable, "the store is away")),
      failing("/full", EngineError(.storageFull, "the disk is full")),
      Route(.get, "/health", operationID: "health", summary: "Its own health") { _, _ in .text(200, "shop is open") },
      Route(.get, "/tasks", operationID: "shopTasks", summary: "Contested") { _, _ in .text(200, "shop tasks") },
      Route(.get, "/lists", operationID: "shopLists", summary: "Contested") { _, _ in .text(200, "shop lists") },
      Route(.get, "/endless", operationID: "endless", summary: "One piece and no end") { _, _ in
        let pieces = AsyncStream<[UInt8]> { continuation in
          continuation.yield(Array("one".utf8))
          continuation.onTermination = { _ in withExtendedLifetime(continuation) {} }
        }
        return RouteResponse(200, body: .stream(pieces, contentType: "text/plain"))
      },
      Route(.get, "/stream", operationID: "stream", summary: "Two pieces") { _, _ in
        let pieces = AsyncStream<[UInt8]> { continuation in
          for text in ["one ", "two"] { continuation.yield(Array(text.utf8)) }
          continuation.finish()
        }
        return RouteResponse(200, body: .stream(pieces, contentType: "text/plain"))
      },
    ]
  }

  struct NeverForeseen: Error {
    var secret = "the password is swordfish"
  }

  private func failing(_ path: PathTemplate, _ error: any Error & Sendable) -> Route {
    Route(.get, path, operationID: "fail\(path)", summary: "Fails", envelope: .custom(Self.envelope)) { _, _ in
      throw error
    }
  }

  private static func envelope(_ error: RouteError, _ request: RouteRequest) -> RouteResponse {
    .json(
      error.status,
      .object([("oops", .string(error.code)), ("said", .string(error.detail)), ("at", .string(request.path))]))
  }
}

/// The owner of `/tasks`.
struct Ledger: ServiceDefinition {
  static let name = "finance"
  var tasks: [any TaskDefinition] { [] }
  var routes: [Route] {
    [
      Route(.get, "/tasks", operationID: "ledgerTasks", summary: "Owned") { _, _ in .text(200, "finance tasks") },
      Route(.get, "/lists", operationID: "ledgerLists", summary: "Contested") { _, _ in .text(200, "finance lists") },
      Route(.get, "/", operationID: "ledgerRoot", summary: "Its own root") { _, _ in .text(200, "finance root") },
    ]
  }
}
