import CelerityCore
import CelerityGateway
import CelerityJSON
import CelerityTesting
import Testing

@Suite struct KindTests {
  @Test("Kinds come from the registry, from workers and from the settings, each once, by name")
  func list() async throws {
    var settings = GatewaySettings()
    settings.externalTasks = ["legacy.report", "demo.echo"]
    try await RunningGateway.run(settings) { gateway in
      try await gateway.store.announce(
        .named("celery@far", tasks: ["remote.work", "demo.add", "legacy.report"]), for: .seconds(60))
      let kinds = try #require(try await gateway.get("/v1/kinds").json["kinds"]?.elements())
      #expect(
        kinds.map { "\($0["task"]?.stringValue ?? "") \($0["source"]?.stringValue ?? "")" } == [
          "demo.add registry", "demo.echo registry", "demo.span registry", "legacy.report worker", "remote.work worker",
        ])
    }
  }

  @Test("A kind of the registry tells what it takes and gives; of others nothing is known")
  func show() async throws {
    var settings = GatewaySettings()
    settings.externalTasks = ["legacy.report"]
    try await RunningGateway.run(settings) { gateway in
      let add = try await gateway.get("/v1/kinds/demo.add")
      #expect(add.string("queue") == "sums")
      #expect(add.json["input"]?["properties"]?["x"]?["type"]?.stringValue == "integer")
      #expect(add.json["output"]?["type"]?.stringValue == "integer")
      #expect(add.json["links"]?["self"]?.stringValue == "/v1/kinds/demo.add")
      let legacy = try await gateway.get("/v1/kinds/legacy.report")
      #expect(legacy.string("source") == "external")
      for member in ["queue", "summary", "input", "output"] { #expect(legacy.json[member] == .null, "\(member)") }
    }
  }

  @Test("An unknown kind is refused with the one it was meant to be")
  func unknown() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.get("/v1/kinds/demo.ad")
      reply.expectProblem(404, "unknown-task")
      #expect(reply.string("hint") == "did you mean 'demo.add'?")
    }
  }
}
