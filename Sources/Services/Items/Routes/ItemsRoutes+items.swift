import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks

extension ItemsRoutes {
  /// `GET /api/items`
  var list: Route {
    Route(
      .get, "/api/items", operationID: "items_list", summary: "Items, newest first.",
      details: """
        What is skipped is read, so many items are gone through more cheaply with `after` than with `skip`; with `after` \
        a page also neither repeats nor misses items because others came meanwhile.
        """,
      parameters: [
        .init(
          "skip",
          JSONSchema(
            .integer, defaultValue: .integer(0), minimum: 0, maximum: Double(ItemRequest.skips.upperBound)),
          "How many of the newest items come before the page."),
        .init(
          "limit",
          JSONSchema(
            .integer, defaultValue: .integer(Int64(ItemRequest.defaultLimit)), minimum: 1,
            maximum: Double(ItemRequest.limits.upperBound)),
          "Most items on the page."),
        .init("after", ItemsSchemas.id, "Only items that are older than the one with this id."),
      ],
      responses: [
        .init(200, "A page of items.", JSONSchema(.array(ItemsSchemas.item))),
        ItemsSchemas.error(422, "A parameter has a value that it can't have."), ItemsSchemas.unavailable,
      ], envelope: ItemsEnvelope.envelope
    ) { request, environment in
      let page = try ItemRequest.Page(request)
      return .json(
        200,
        .array(try await Self.shelf(request, environment).page(after: page.after, skip: page.skip, limit: page.limit)))
    }
  }

  /// `POST /api/items`
  var create: Route {
    Route(
      .post, "/api/items", operationID: "items_create", summary: "Creates an item.",
      request: ItemsSchemas.newItem, requestExample: ItemsSchemas.newItemExample,
      responses: [
        .init(201, "Created and durable.", ItemsSchemas.item, headers: [ItemsSchemas.tag, ItemsSchemas.location]),
        ItemsSchemas.malformed, ItemsSchemas.error(422, "A field has a value that it can't have."),
        ItemsSchemas.unavailable,
      ], envelope: ItemsEnvelope.envelope
    ) { request, environment in
      let fields = try ItemRequest.fields(request)
      let (id, stored) = try await Self.shelf(request, environment)
        .add(fields, at: environment.time.now, ids: environment.tasks.ids)
      var answer = Self.view(stored, 201)
      answer.headers.append(("Location", "\(request.path)/\(id)"))
      return answer
    }
  }

  /// `GET /api/items/{id}`
  var show: Route {
    Route(
      .get, "/api/items/{id}", operationID: "items_show", summary: "An item.", pathParameters: Self.idParameter,
      responses: [
        .init(200, "The item.", ItemsSchemas.item, headers: [ItemsSchemas.tag]), ItemsSchemas.noItem,
        ItemsSchemas.unavailable,
      ], envelope: ItemsEnvelope.envelope
    ) { request, environment in
      let id = try Self.id(request)
      guard let found = try await Self.shelf(request, environment).item(id) else {
        throw Self.notFound("item", id.text)
      }
      return Self.view(found)
    }
  }

  /// `PUT /api/items/{id}`
  var replace: Route {
    changing(.put, "items_replace", "Replaces what an item says; what is left out is as for a new one.") {
      request throws(RouteError) in
      let fields = try ItemRequest.fields(request)
      return ItemChange(name: fields.name, description: .some(fields.description), metadata: fields.metadata)
    }
  }

  /// `PATCH /api/items/{id}`
  var change: Route {
    changing(.patch, "items_change", "Changes what is said of an item; what is left out stays.") {
      request throws(RouteError) in try ItemRequest.change(request)
    }
  }

  private func changing(
    _ method: Route.Method, _ operationID: String, _ summary: String,
    _ read: @escaping @Sendable (RouteRequest) throws(RouteError) -> ItemChange
  ) -> Route {
    Route(
      method, "/api/items/{id}", operationID: operationID, summary: summary, pathParameters: Self.idParameter,
      headers: [ItemsSchemas.condition],
      request: method == .put ? ItemsSchemas.newItem : ItemsSchemas.itemChange,
      requestExample: ItemsSchemas.newItemExample,
      responses: [
        .init(200, "The item as it is now.", ItemsSchemas.item, headers: [ItemsSchemas.tag]),
        ItemsSchemas.malformed, ItemsSchemas.noItem, ItemsSchemas.changed,
        ItemsSchemas.error(422, "A field has a value that it can't have."), ItemsSchemas.unavailable,
      ], envelope: ItemsEnvelope.envelope
    ) { request, environment in
      let id = try Self.id(request)
      let change = try read(request)
      let stored = try await Self.shelf(request, environment)
        .change(id, Precondition(request), at: environment.time.now, by: change)
      guard let stored else { throw Self.notFound("item", id.text) }
      return Self.view(stored)
    }
  }

  /// `DELETE /api/items/{id}`
  var delete: Route {
    Route(
      .delete, "/api/items/{id}", operationID: "items_delete", summary: "Deletes an item.",
      pathParameters: Self.idParameter, headers: [ItemsSchemas.condition],
      responses: [
        .init(204, "It is gone."), ItemsSchemas.noItem, ItemsSchemas.changed, ItemsSchemas.unavailable,
      ], envelope: ItemsEnvelope.envelope
    ) { request, environment in
      let id = try Self.id(request)
      guard try await Self.shelf(request, environment).remove(id, Precondition(request)) else {
        throw Self.notFound("item", id.text)
      }
      return RouteResponse(204)
    }
  }

  private static let idParameter = ["id": Route.Parameter("id", ItemsSchemas.id, "The item's id.")]

  private static func shelf(_ request: RouteRequest, _ environment: ServiceEnvironment) -> ItemShelf {
    ItemShelf(documents: environment.resources.documents, tenant: request.tenant)
  }

  /// An id that can't be one is unknown like any other.
  private static func id(_ request: RouteRequest) throws(RouteError) -> ItemID {
    let text = request.parameters["id"] ?? ""
    guard let id = ItemID(text) else { throw notFound("item", text) }
    return id
  }

  private static func view(_ found: ItemShelf.Versioned, _ status: Int = 200) -> RouteResponse {
    .json(status, found.item, headers: [("ETag", Precondition.tag(found.version))])
  }
}
