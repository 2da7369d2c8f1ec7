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

  @Test func `The list of problems has a status and a sentence for each`() async throws {
    try await RunningGateway.run { gateway in
      #expect(ProblemKind.all.allSatisfy { !$0.statuses.isEmpty && $0.firstSentence.hasSuffix(".") })
      let text = try await gateway.get("/problems").text
      let sentence = "Nothing has this path, or nothing of this name or id is there."
      #expect(text.contains("/problems/not-found\n  404 Not found: \(sentence)\n"))
      #expect(text.contains("  404 or 409 Not a dead letter: "))
      let page = try await gateway.get("/problems", headers: [("Accept", "text/html")]).text
      #expect(page.contains(#"<td data-label="Status">400 or 422</td>"#))
    }
  }

  @Test func `A browser gets a start page, programs get JSON`() async throws {
    try await RunningGateway.run { gateway in
      let page = try await gateway.get("/", headers: [("Accept", "text/html,*/*;q=0.8")])
      #expect(page.status == 200 && page["content-type"] == Self.html && page["vary"] == "Accept")
      let links = page.text.split(separator: "href=\"").dropFirst().compactMap { $0.split(separator: "\"").first }
      #expect(Set(links).isSuperset(of: ["docs", "reference", "problems", "openapi.json", "health"]))
      for link in links where !link.hasPrefix("#") && link != "metrics" {
        // Without a worker it is not healthy, and says so.
        let status = link.hasPrefix("health") ? 503 : 200
        #expect([200, status].contains(try await gateway.get("/" + link).status), "\(link)")
      }
      let json = try await gateway.get("/")
      #expect(json.string("name") == "celerity" && json["vary"] == "Accept")
      #expect(try await gateway.get("/favicon.ico")["content-type"] == "image/svg+xml")
    }
  }

  @Test(arguments: [("/nothing", "./"), ("/v1/tsks", "../"), ("/v1/tasks/none", "../../"), ("/<b>/", "../")])
  func `A browser is told on a page that something is not there`(path: String, root: String) async throws {
    try await RunningGateway.run { gateway in
      let target = path.replacing("<", with: "%3C").replacing(">", with: "%3E")
      let page = try await gateway.get(target, headers: [("Accept", "text/html")])
      #expect(page.status == 404 && page["content-type"] == Self.html)
      #expect(page.text.contains(#"href="\#(root)problems/"#))
      #expect(!page.text.contains("<b>"))
      #expect(try await gateway.get(target)["content-type"] == "application/problem+json")
      #expect(try await gateway.get(target, headers: [("Accept", "application/json")]).status == 404)
    }
  }

  @Test(arguments: [("/docs/", "../docs"), ("/reference/", "../reference"), ("/problems/", "../problems")])
  func `A page with a slash behind its name is where it always is`(path: String, target: String) async throws {
    try await RunningGateway.run { gateway in
      let reply = try await RawConnection.open(to: gateway.port) { connection in
        try await connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return await connection.replies(atMost: 1).first
      }
      #expect(reply?.status == 308)
      #expect(reply?["location"] == target)
    }
  }

  @Test(arguments: [
    ("/v1/task", "did you mean /v1/tasks?"), ("/v1/task/abc", "did you mean /v1/tasks/abc?"),
    ("/helth", "did you mean /health?"), ("/v1/tasks/abc/reslut", "did you mean /v1/tasks/abc/result?"),
    ("/swordfish/and/more", "GET / lists where to begin"),
  ])
  func `What is not there is answered with the nearest path`(path: String, hint: String) async throws {
    try await RunningGateway.run { gateway in
      let reply = try await gateway.get(path)
      reply.expectProblem(404, "not-found")
      #expect(reply.string("hint") == hint)
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
