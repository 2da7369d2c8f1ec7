import CelerityCore
import CelerityJSON
import CelerityRoutes

extension Platform {
  /// `GET /v1/kinds` and `GET /v1/kinds/{name}`
  var kindRoutes: [Route] {
    [
      Route(
        .get, "/v1/kinds", operationID: "listKinds", summary: "Kinds of tasks that can be submitted",
        details: "Those the gateway has code for, those that workers announce, and those that the settings name.",
        tag: "kinds", scope: .permission("tasks:read"), headers: [.ifNoneMatch],
        responses: [.ok(200, "All kinds", "KindList", headers: [.etag]), .notModified]
      ) { [known] request, _ in
        let kinds = try await known.kinds()
        var writer = JSONWriter(reservingCapacity: 4096)
        writer.beginObject()
        writer.member("kinds", array: { writer in for kind in kinds { kind.write(to: &writer) } })
        writer.endObject()
        return .tagged(writer.finish(), request)
      },
      Route(
        .get, "/v1/kinds/{name}", operationID: "showKind", summary: "A kind of task and what it takes", tag: "kinds",
        scope: .permission("tasks:read"), pathParameters: ["name": Self.kindName], headers: [.ifNoneMatch],
        responses: [.ok(200, "The kind", "Kind", headers: [.etag]), .notModified, .problem(404, "unknown-task")]
      ) { [known] request, _ in
        let name = request.parameters["name"] ?? ""
        guard let kind = try await known.kinds().first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
          throw try await known.refusal(of: name)
        }
        var writer = JSONWriter(reservingCapacity: 1024)
        kind.write(to: &writer)
        return .tagged(writer.finish(), request)
      },
    ]
  }

  private static let kindName = Route.Parameter(
    "name", JSONSchema(.string, example: .string("finance.compound_interest")), "The task's name")
}
