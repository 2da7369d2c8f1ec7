import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import NIOHTTP1
import Testing

@testable import CelerityGateway

@Suite(.timeLimit(.minutes(1))) struct PageTests {
  private static let html = "text/html; charset=utf-8"

  @Test func `The reference shows every operation and every schema, without a script`() async throws {
    try await RunningGateway.run(services: [Shop()]) { gateway in
      let page = try await gateway.get("/reference")
      #expect(page["content-type"] == Self.html)
      #expect(!page.text.contains("<script"))
      #expect(
        page["content-security-policy"]?.hasPrefix("default-src 'none'; style-src 'self'; img-src 'self';") == true)
      let document = try await gateway.get("/openapi.json").json
      for path in document["paths"]?.members() ?? [] {
        for operation in path.value.members() ?? [] {
          let id = try #require(operation.value["operationId"]?.stringValue)
          #expect(page.text.contains(#"<article id="op-\#(HTML.escaped(id))">"#), "\(id)")
        }
      }
      for schema in document["components"]?["schemas"]?.members() ?? [] {
        #expect(page.text.contains(#"id="schema-\#(schema.name)""#), "\(schema.name)")
      }
      // Calls lead back to where the page was asked for.
      #expect(page.text.contains("http://127.0.0.1:\(gateway.port)/v1/tasks"))
    }
  }

  struct Hostile: ServiceDefinition {
    static let name = "hostile"
    var tasks: [any TaskDefinition] { [] }
    var routes: [Route] {
      [
        Route(
          .post, "/x", operationID: "<b>x</b>", summary: "<script>alert(1)</script>",
          details: "[click](javascript:alert(1)) `<i>` & \"quotes\"",
          parameters: [Route.Parameter("\"><img src=x>", JSONSchema(.string), "<u>")],
          request: JSONSchema(.any), requestExample: .string("it's </script>")
        ) { _, _ in .text(200, "x") }
      ]
    }
  }

  @Test func `What a service says about itself is text on every page, never markup`() async throws {
    try await RunningGateway.run(services: [Hostile()]) { gateway in
      let page = try await gateway.get("/reference").text
      for markup in ["<script", "<b>", "<i>", "<u>", "<img src=x", "javascript:alert(1)\""] {
        #expect(!page.contains(markup), "\(markup)")
      }
      // The call survives the shell: a quote inside quotes is closed, escaped and opened again.
      #expect(page.contains(#"it'\''s"#))
    }
  }

  @Test(arguments: [
    ("text/html,application/xhtml+xml,*/*;q=0.8", html), ("*/*", "text/plain; charset=utf-8"),
    ("application/json", "text/plain; charset=utf-8"),
  ])
  func `A problem's page is HTML for browsers and text for everybody else`(accept: String, type: String) async throws {
    try await RunningGateway.run { gateway in
      for path in ["/problems", "/problems/unknown-task"] {
        let page = try await gateway.get(path, headers: [("Accept", accept)])
        #expect(page.status == 200)
        #expect(page["content-type"] == type)
        #expect(page["vary"] == "Accept")
        #expect(page.text.contains("nknown task"))
      }
    }
  }

  @Test(arguments: ProblemKind.all)
  func `Every kind of problem says what happened, why, and what to do`(kind: ProblemKind) {
    #expect(kind.code.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D })
    #expect(!kind.title.isEmpty)
    #expect(!kind.help.isEmpty)
    #expect(!kind.remedy.isEmpty)
  }

  @Test func `No code of a problem has two pages`() {
    #expect(Set(ProblemKind.all.map(\.code)).count == ProblemKind.all.count)
  }

  @Test func `A mistyped code of a problem is answered with the nearest one`() async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.get("/problems/unknown-tsk")
      reply.expectProblem(404, "unknown-problem")
      #expect(reply.string("hint") == "did you mean 'unknown-task'?")
    }
  }

  @Test func `The page to try things out loads only files of this gateway, or is the reference with a notice`()
    async throws
  {
    try await RunningGateway.run { gateway in
      let page = try await gateway.get("/docs")
      #expect(page.status == 200)
      #expect(page["content-type"] == Self.html)
      guard Asset.swaggerScript != nil else {
        #expect(page.text.contains("scripts/fetch-assets"))
        #expect(page.text.contains(#"<article id="op-submitTask">"#))
        return
      }
      #expect(page["content-security-policy"]?.contains("script-src 'self';") == true)
      #expect(!page.text.contains("//"), "every address is relative")
      let links = page.text.split(separator: "\"").filter { $0.hasPrefix("assets/") }
      #expect(links.count >= 5)
      for link in links { #expect(try await gateway.get("/" + link).status == 200, "\(link)") }
    }
  }

  @Test func `A file of the pages is kept for ever, and its name says which content it has`() async throws {
    try await RunningGateway.run { gateway in
      for asset in Asset.byFile.values {
        let reply = try await gateway.get("/" + asset.path)
        #expect(reply.status == 200)
        #expect(reply["cache-control"] == "public, max-age=31536000, immutable")
        #expect(reply["vary"] == "Accept-Encoding")
        #expect(reply["content-type"] == asset.mediaType)
        #expect(asset.path.contains(asset.hash))
        let tag = try #require(reply["etag"])
        #expect(try await gateway.get("/" + asset.path, headers: [("If-None-Match", tag)]).status == 304)
      }
      try await gateway.get("/assets/style.0000000000000000.css").expectProblem(404, "not-found")
    }
  }

  @Test(arguments: Asset.byFile.values.map(\.file).sorted())
  func `A file that was linked in packed is the same when it is unpacked`(file: String) throws {
    let asset = try #require(Asset.byFile[file])
    let packed = try #require(asset.bytes(acceptsGzip: true))
    let plain = try #require(asset.bytes(acceptsGzip: false))
    #expect(!plain.isGzipped && !plain.bytes.isEmpty)
    if packed.isGzipped {
      #expect(packed.bytes.prefix(2) == [0x1F, 0x8B])
      #expect(packed.bytes.count < plain.bytes.count)
    } else {
      #expect(packed.bytes == plain.bytes)
    }
  }
}
