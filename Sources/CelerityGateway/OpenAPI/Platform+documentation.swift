import CelerityCore
import CelerityJSON
import CelerityRoutes

extension Platform {
  /// `GET /openapi.json`, `/docs`, `/reference`, `/redoc`, `/problems`, `/problems/{code}`, `/assets/{file}` and `/favicon.ico`
  var documentationRoutes: [Route] {
    [openAPI, docs, reference("/reference"), reference("/redoc"), problemList, problemPage, asset, favicon]
  }

  private var openAPI: Route {
    Route(
      .get, "/openapi.json", operationID: "openapi", summary: "This API as an OpenAPI document",
      tag: "documentation", headers: [.ifNoneMatch],
      responses: [
        Route.Response(
          200, "The document", .freeObject("OpenAPI 3.1"), headers: [.etag],
          example: .object([("openapi", .string("3.1.0"))])),
        Route.Response(304, "Not changed since the ETag given", headers: [.etag]),
      ]
    ) { [documentation] request, _ in
      let document = documentation.openAPI
      return document.tag.answer(to: request, body: .bytes(document.bytes, contentType: "application/json"))
    }
  }

  /// `/redoc` is where clients of other servers look for such a page.
  private func reference(_ path: String) -> Route {
    Route(
      .get, PathTemplate(path), operationID: String(path.dropFirst()),
      summary: "This API as a page to read and to print", tag: "documentation", headers: [.ifNoneMatch],
      responses: Self.pageAnswers
    ) { [documentation] request, _ in
      Self.page(documentation.reference(host: request.host), for: request)
    }
  }

  private var docs: Route {
    Route(
      .get, "/docs", operationID: "docs", summary: "This API as a page to try it out on", tag: "documentation",
      headers: [.ifNoneMatch], responses: Self.pageAnswers
    ) { [documentation] request, _ in
      guard let (page, html) = DocsPage.html() else {
        return Self.page(documentation.reference(host: request.host, notice: DocsPage.notice), for: request)
      }
      return page.answer(html)
    }
  }

  private var problemList: Route {
    Route(
      .get, "/problems", operationID: "listProblems", summary: "All codes of problems",
      details: "HTML when `Accept` asks for it, else text.", tag: "documentation", responses: Self.explanations
    ) { request, _ in
      guard request.wantsHTML else { return .text(200, ProblemPages.listText).varying("Accept") }
      let (page, html) = ProblemPages.list()
      return page.answer(html).varying("Accept")
    }
  }

  private var problemPage: Route {
    Route(
      .get, "/problems/{code}", operationID: "showProblem", summary: "What a problem's code means",
      details: "HTML when `Accept` asks for it, else text. The `type` of every problem is such a path.",
      tag: "documentation",
      pathParameters: [
        "code": Route.Parameter("code", .text("", example: "unknown-task"), "The problem's `code`")
      ],
      responses: Self.explanations + [.problem(404, "unknown-problem")]
    ) { request, _ in
      let code = request.parameters["code"] ?? ""
      guard let kind = ProblemKind[code] else {
        throw RouteError(
          404, "unknown-problem", "the platform has no problem '\(code)'",
          hint: closestMatch(to: code, among: ProblemKind.sorted.map(\.code)).map { "did you mean '\($0)'?" })
      }
      guard request.wantsHTML else { return .text(200, ProblemPages.text(of: kind)).varying("Accept") }
      let (page, html) = ProblemPages.explanation(of: kind)
      return page.answer(html).varying("Accept")
    }
  }

  private var asset: Route {
    Route(
      .get, "/assets/{file}", operationID: "asset", summary: "A file that the pages load",
      details: "Its name changes with its content, so it may be kept for ever.", tag: "documentation",
      pathParameters: ["file": Route.Parameter("file", .text("", example: Asset.style.file), "Its name")],
      responses: [
        Route.Response(200, "The file", contentType: "text/css; charset=utf-8", headers: [.etag]),
        Route.Response(200, "The file", contentType: "text/javascript; charset=utf-8"),
        Route.Response(200, "The file", contentType: "image/svg+xml"),
        Route.Response(304, "Not changed since the ETag given", headers: [.etag]),
        .problem(404, "not-found"),
      ]
    ) { request, _ in
      guard let asset = Asset.byFile[request.parameters["file"] ?? ""] else { throw RouteError.notFound(request.path) }
      return try asset.answer(to: request)
    }
  }

  /// Where browsers look for an icon of what is no page, such as JSON.
  private var favicon: Route {
    Route(
      .get, "/favicon.ico", operationID: "favicon", summary: "The icon of the pages", tag: "documentation",
      responses: [
        Route.Response(200, "The icon", contentType: "image/svg+xml", headers: [.etag]),
        Route.Response(304, "Not changed since the ETag given", headers: [.etag]),
      ]
    ) { request, _ in
      EntityTag(text: "\"\(Asset.icon.hash)\"").answer(
        to: request, body: .bytes(Array(Icon.svg.utf8), contentType: Asset.icon.mediaType))
    }
  }

  private static let pageAnswers = [
    Route.Response(200, "The page", contentType: "text/html; charset=utf-8", headers: [.etag]),
    Route.Response(304, "Not changed since the ETag given", headers: [.etag]),
  ]

  private static let explanations = [
    Route.Response(200, "The page", contentType: "text/html; charset=utf-8"),
    Route.Response(200, "The text", contentType: "text/plain; charset=utf-8"),
  ]

  private static func page(_ document: Documentation.Document, for request: RouteRequest) -> RouteResponse {
    let page = Documentation.referencePage.answer("")
    return document.tag.answer(
      to: request, body: .bytes(document.bytes, contentType: "text/html; charset=utf-8"),
      headers: page.headers + [("Vary", "Host")])
  }
}

extension EntityTag {
  /// A tag in its quotes.
  init(text: String) { self.text = text }

  /// The body, or 304 to whoever has it.
  func answer(
    to request: RouteRequest, body: RouteResponse.Body, headers: [(name: String, value: String)] = []
  ) -> RouteResponse {
    let headers = [("ETag", text), ("Cache-Control", "no-cache")] + headers
    if let condition = request.headers["if-none-match"], isNamed(in: condition) {
      return RouteResponse(304, headers: headers)
    }
    return RouteResponse(200, headers: headers, body: body)
  }
}

extension Asset {
  /// The file in the form that the client takes, to be kept for a year.
  fileprivate func answer(to request: RouteRequest) throws -> RouteResponse {
    let takesGzip = ContentCoding.isAccepted("gzip", by: request.headers["accept-encoding"])
    guard let (bytes, isGzipped) = bytes(acceptsGzip: takesGzip) else {
      throw RouteError(500, "internal-error", "the file in this build is damaged")
    }
    // The two forms differ in their bytes, so their strong tags must differ too (RFC 9110, 8.8.1).
    let tag = EntityTag(text: "\"\(hash)\(isGzipped ? "-gzip" : "")\"")
    var answer = tag.answer(
      to: request, body: .bytes(bytes, contentType: mediaType),
      headers: [("Cache-Control", "public, max-age=31536000, immutable"), ("Vary", "Accept-Encoding")])
    if isGzipped, answer.status == 200 { answer.headers.append(("Content-Encoding", "gzip")) }
    return answer
  }
}

extension RouteRequest {
  /// Whether a person with a browser asks.
  var wantsHTML: Bool { headers["accept"]?.lowercased().contains("text/html") ?? false }

  /// The name by which the gateway was asked for.
  fileprivate var host: String { headers["host"] ?? "127.0.0.1" }
}

extension RouteResponse {
  /// The same answer, which depends on a field of the request.
  func varying(_ field: String) -> RouteResponse {
    var answer = self
    answer.headers.append(("Vary", field))
    return answer
  }
}
