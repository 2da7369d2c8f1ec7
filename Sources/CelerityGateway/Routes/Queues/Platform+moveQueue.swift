import CelerityCore
import CelerityJSON
import CelerityRoutes

extension Platform {
  /// `POST /v1/queues/{name}:move`
  var moveQueue: Route {
    Route(
      .post, "/v1/queues/{name}:move", operationID: "moveQueue",
      summary: "Puts all tasks of a queue that have not started into another one",
      details: "They keep their order and their times. Tasks that run are not touched.", tag: "queues",
      scope: .permission("queues:write"), pathParameters: ["name": .queueName],
      request: JSONSchema(
        .object(
          properties: [
            .init(
              "to",
              JSONSchema(.string, description: "Name of the other queue.", minimumLength: 1, maximumLength: 200))
          ], additional: .refused)),
      requestExample: .object([("to", .string("default"))]),
      responses: [.ok(200, "How many were moved", "QueueMove"), .problem(422, "invalid-request", "unknown-field")]
        + Self.queueRefusals
    ) { [registry = known.registry] request, environment in
      let key = try request.queueKey()
      let target = try Self.target(try request.json(), from: key)
      let moved = try await QueueDirectory(registry: registry, environment: environment, tenant: request.tenant)
        .perform(.move(key, to: target), on: key)
      return .json(
        200,
        .object([("queue", .string(key.name)), ("to", .string(target)), ("moved", .integer(Int64(moved)))]))
    }
  }

  private static func target(_ body: RawJSON, from key: QueueKey) throws(RouteError) -> String {
    var reader = FieldReader(body, known: ["to"])
    let name = reader.string("to", bytes: 1...200)
    if reader.isObject, !reader.has("to") { reader.refuse("to", "is missing") }
    if let name, !QueueKey.isLegal(name: name) {
      reader.refuse("to", "must have no control characters and no '/'")
    } else if name == key.name {
      reader.refuse("to", "is the queue itself")
    }
    try reader.finish()
    return name ?? ""
  }
}
