import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Documents

@Suite struct CatalogTests {
  private let platform = DocumentsPlatform()

  @Test("S1.08: both types have both templates")
  func templates() async throws {
    let all = try await platform.call("GET", "/templates").json()
    #expect(
      all.description
        == #"{"templates":{"resume":["classic","two_column"],"cover_letter":["classic","two_column"]}}"#)
    for type in DocumentType.allCases {
      let some = try await platform.call("GET", "/templates/\(type.rawValue)").json()
      #expect(some.description == #"{"templates":["classic","two_column"]}"#)
    }
    #expect(try await platform.call("GET", "/templates/cv").status == 404)
  }

  @Test("S1.08: a template tells what it needs, and its preview is there")
  func info() async throws {
    for type in DocumentType.allCases {
      for template in DocumentTemplate.allCases {
        let path = "/template-info/\(type.rawValue)/\(template.rawValue)"
        let info = try await platform.call("GET", path).json()
        #expect(info["name"] == .string(template.rawValue))
        #expect(info["document_type"] == .string(type.rawValue))
        #expect(info["description"]?.stringValue?.isEmpty == false)
        #expect(info["required_fields"]?.elements()?.contains(.string("personalInfo")) == true)
        let preview = try #require(info["preview_url"]?.stringValue)
        await platform.feed.isRead()
        async let answer = platform.call("GET", preview)
        try await platform.workOne("pdf_generation")
        #expect(try await answer.status == 200)
        #expect(try await answer.headers["Cache-Control"] == "public, max-age=86400")
      }
    }
    #expect(platform.renderer.orders.count == 4)
    for path in ["/template-info/resume/modern", "/template-info/cv/classic", "/templates/resume/modern/preview"] {
      let answer = try await platform.call("GET", path)
      #expect(answer.status == 404)
    }
    #expect(try await platform.call("GET", "/template-info/resume/modern").error("code") == "TPL001")
  }

  @Test("S1.08: without a typesetter there is no preview, which is 404")
  func noPreview() async throws {
    let missing = ScriptedRenderer(failing: [DocumentError(.programMissing, "no TeX engine is installed")])
    let platform = DocumentsPlatform(renderer: missing)
    await platform.feed.isRead()
    async let answer = platform.call("GET", "/templates/resume/classic/preview")
    try await platform.workOne("pdf_generation")
    #expect(try await answer.status == 404)
    #expect(try await answer.error("message") == "there is no preview: no TeX engine is installed")
  }

  @Test("S1.09: the example of a schema fits it and generates as it stands", arguments: DocumentType.allCases)
  func schema(type: DocumentType) async throws {
    let body = try await platform.call("GET", "/schema/\(type.rawValue)").json()
    let example = try #require(body["json_example"])
    #expect((try? RawJSON(validating: example.bytes)) != nil)
    #expect(ShapeCheck.faults(of: example, against: try #require(body["schema"])) == [])
    #expect(body["yaml_example"]?.stringValue?.hasPrefix("personalInfo:\n  name: Jane Doe\n") == true)
    #expect(body["usage_notes"]?["required_fields"] != nil)
    for format in ["latex", "docx"] {
      let order = RawJSON.object([
        ("document_type", .string(type.rawValue)), ("template", .string("classic")), ("format", .string(format)),
        ("data", example),
      ])
      #expect(try await platform.callWorked("/generate", order.description).status == 200)
    }
    let strict = DocumentValidator.report(on: example, of: type, level: .strict, today: "")
    #expect(strict.findings.isEmpty)
    // Nothing is rewritten but the position that follows from a title.
    #expect(strict.data["personalInfo"].map { JSONTree($0) } == example["personalInfo"].map { JSONTree($0) })
  }

  @Test("S1.09: the example has every section there is")
  func sections() throws {
    let example = Examples.data(.resume)
    let missing = DataSchema.sections(.resume).filter { example[$0] == nil }
    #expect(missing == ["referencesAvailable"])
    #expect(DataSchema.sections(.resume).count == 30)
    #expect(DataSchema.sections(.coverLetter).filter { Examples.data(.coverLetter)[$0] == nil } == [])
  }

  @Test("S1.09: GET /schema-yaml has the example in YAML, and an unknown type is 404")
  func schemaYAML() async throws {
    let body = try await platform.call("GET", "/schema-yaml/cover_letter").json()
    #expect(body["yaml_example"]?.stringValue?.contains("\nbody:\n  - I am writing") == true)
    #expect(body["schema"] == nil)
    #expect(try await platform.call("GET", "/schema-yaml/cv").status == 404)
    #expect(try await platform.call("GET", "/schema/cv").status == 404)
  }

  @Test("S1.09: YAML of every shape; what could be taken for something else is quoted")
  func yamlText() throws {
    let value = try RawJSON(
      validating: #"""
        {"a":"plain text","b":"2021-03","c":"yes","d":[],"e":{},"f":[1,true,null,"x: y","tab\t"],
        "g":[{"h":"i","j":["k"]},{"l":{"m":"nn"}},[["o"]]],"p: q":"","r":"é","s":"- t","u":"v ","w":"null"}
        """#)
    #expect(
      YAMLText.text(value) == #"""
        a: plain text
        b: "2021-03"
        c: "yes"
        d: []
        e: {}
        f:
          - 1
          - true
          - null
          - "x: y"
          - "tab\t"
        g:
          - h: i
            j:
              - k
          - l:
              m: nn
          -
            -
              - o
        "p: q": ""
        r: "é"
        s: "- t"
        u: "v "
        w: "null"

        """#)
  }

  @Test("S1.12: the root tells the name, the version and where everything is")
  func root() async throws {
    let body = try await platform.call("GET", "/").json()
    #expect(body["name"] == .string("documents"))
    #expect(body["version"] == .string("1.2.3"))
    let paths = (body["available_endpoints"]?.members() ?? []).compactMap(\.value.stringValue)
    let routes = Set(platform.service.routes.map { $0.path.description })
    #expect(!paths.isEmpty)
    #expect(paths.allSatisfy(routes.contains))
  }

  @Test("The examples of the API's description work as they stand")
  func examples() async throws {
    for route in platform.service.routes {
      guard let example = route.requestExample, let schema = route.request else { continue }
      #expect(ShapeCheck.faults(of: example, against: schema.json) == [], "\(route.operationID)")
      let path = route.path.description
      let isMade = ["/generate", "/generate-yaml", "/analyze-pdf"].contains(path)
      let fresh = DocumentsPlatform(yaml: { _ in Examples.data(.resume) })
      let answer =
        isMade
        ? try await fresh.callWorked(
          path, example.description, queue: path == "/analyze-pdf" ? "pdf_generation" : "latex_generation")
        : try await fresh.call("POST", path, example.description)
      #expect((200..<300).contains(answer.status), "\(path) \(answer.text)")
    }
  }

  @Test("Operation ids and settings are the service's own and differ")
  func names() {
    let ids = platform.service.routes.map(\.operationID)
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { $0.hasPrefix("documents_") })
    let settings = platform.service.settings
    #expect(settings.allSatisfy { $0.name.hasPrefix("documents.") })
    let environment = Set(settings.flatMap(\.otherEnvironmentNames))
    #expect(environment.isSuperset(of: ["PDF_CACHE_TTL", "LATEX_CACHE_TTL", "MAX_QUEUE_SIZE"]))
  }
}
