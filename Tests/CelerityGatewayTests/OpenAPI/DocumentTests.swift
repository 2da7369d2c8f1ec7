import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import Testing

@Suite(.timeLimit(.minutes(1))) struct DocumentTests {
  private func document(of gateway: RunningGateway) async throws -> SchemaChecker {
    let reply = try await gateway.get("/openapi.json")
    #expect(reply.status == 200)
    #expect(reply["content-type"] == "application/json")
    return SchemaChecker(document: reply.json)
  }

  private func operations(_ document: RawJSON) -> [(path: String, method: String, operation: RawJSON)] {
    (document["paths"]?.members() ?? []).flatMap { path in
      (path.value.members() ?? []).map { (path.name, $0.name, $0.value) }
    }
  }

  @Test func `Every operation is named once and says what it takes and answers`() async throws {
    try await RunningGateway.run(services: [Shop(), Ledger()]) { gateway in
      let all = operations(try await document(of: gateway).document)
      let ids = all.compactMap { $0.operation["operationId"]?.stringValue }
      #expect(ids.count == all.count)
      #expect(Set(ids).count == ids.count, "\(ids.sorted())")
      for (path, method, operation) in all {
        #expect(operation["summary"]?.stringValue?.isEmpty == false, "\(method) \(path)")
        let declared = (operation["parameters"]?.elements() ?? []).filter { $0["in"]?.stringValue == "path" }
        #expect(
          declared.compactMap { $0["name"]?.stringValue } == PathTemplate(path).parameterNames, "\(method) \(path)")
        #expect(declared.allSatisfy { $0["required"] == .true })
        let statuses = operation["responses"]?.members()?.map(\.name) ?? []
        // The services of these tests declare no answers.
        let isService = path.hasPrefix("/shop") || path.hasPrefix("/finance")
        #expect(isService || statuses.contains { $0.hasPrefix("2") }, "\(method) \(path) answers nothing good")
        #expect(statuses.contains("4XX") && statuses.contains("5XX"), "\(method) \(path)")
      }
    }
  }

  @Test func `Every JSON body of the platform has a schema, and no reference leads nowhere`() async throws {
    try await RunningGateway.run { gateway in
      let document = try await document(of: gateway).document
      for (path, method, operation) in operations(document) {
        for response in operation["responses"]?.members() ?? [] {
          for form in response.value["content"]?.members() ?? [] where form.name.hasSuffix("json") {
            #expect(form.value["schema"]?.members()?.isEmpty == false, "\(method) \(path) \(response.name)")
          }
        }
      }
      let names = Set(document["components"]?["schemas"]?.members()?.map(\.name) ?? [])
      for piece in document.description.split(separator: "#/components/schemas/").dropFirst() {
        let name = String(piece.prefix { $0 != "\"" })
        #expect(names.contains(name), "\(name) is nowhere")
      }
    }
  }

  @Test func `A service's route is described once, with its prefix, its own errors and the short path in words`()
    async throws
  {
    try await RunningGateway.run(services: [Shop(), Ledger()]) { gateway in
      let checker = try await document(of: gateway)
      let order = try #require(checker.operation("post", "/shop/orders"))
      #expect(checker.operation("post", "/orders") == nil)
      #expect(order["description"]?.stringValue?.contains("`/orders`") == true)
      #expect(order["tags"] == .array([.string("shop")]))
      let errors = order["responses"]?["4XX"]?["content"]?.members()?.map(\.name)
      #expect(errors == ["application/json", "application/problem+json"])
      // Owned by the platform, so there is no short path to tell of.
      #expect(checker.operation("get", "/shop/health")?["description"] == nil)
      #expect(checker.operation("get", "/shop/health")?["operationId"]?.stringValue == "shop_health")
      #expect(checker.operation("get", "/health")?["operationId"]?.stringValue == "health")
    }
  }

  @Test func `Each kind of task has its schemas and a submission that is accepted as it stands`() async throws {
    try await RunningGateway.run { gateway in
      let checker = try await document(of: gateway)
      let schemas = try #require(checker.document["components"]?["schemas"])
      #expect(schemas["demo.add.input"]?["properties"]?["x"]?["type"]?.stringValue == "integer")
      #expect(schemas["demo.add.output"]?["type"]?.stringValue == "integer")
      let content = checker.operation("post", "/v1/tasks")?["requestBody"]?["content"]?["application/json"]
      let examples = try #require(content?["examples"]?.members())
      #expect(examples.map(\.name) == ["demo.add", "demo.echo", "demo.span"])
      for example in examples {
        let reply = try await gateway.post("/v1/tasks", example.value["value"]?.description)
        #expect(reply.status == 202, "\(reply.text)")
      }
    }
  }

  @Test func `Who has the document already is told so, and a change of services changes its tag`() async throws {
    let alone = try await RunningGateway.run { gateway in
      let first = try await gateway.get("/openapi.json")
      let tag = try #require(first["etag"])
      let again = try await gateway.get("/openapi.json", headers: [("If-None-Match", tag)])
      #expect(again.status == 304)
      #expect(again.body.isEmpty)
      #expect(try await gateway.get("/openapi.json").body == first.body)
      return tag
    }
    try await RunningGateway.run(services: [Ledger()]) { gateway in
      let other = try await gateway.get("/openapi.json")
      #expect(other["etag"] != alone)
    }
  }

  @Test func `A service that owns the root keeps its own document`() async throws {
    struct Own: ServiceDefinition {
      static let name = "own"
      var tasks: [any TaskDefinition] { [] }
      var routes: [Route] {
        [
          Route(.get, "/openapi.json", operationID: "spec", summary: "Its own") { _, _ in .text(200, "own") },
          Route(.get, "/reference", operationID: "book", summary: "A book") { _, _ in .text(200, "book") },
        ]
      }
    }
    try await RunningGateway.run(GatewaySettings(rootService: "own"), services: [Own()]) { gateway in
      let document = try await gateway.get("/openapi.json")
      let reference = try await gateway.get("/reference")
      let book = try await gateway.get("/own/reference")
      #expect(document.text == "own")
      #expect(reference["content-type"] == "text/html; charset=utf-8")
      #expect(book.text == "book")
    }
  }
}
