/// The page on which the API can be tried out: Swagger UI, where the build found it.
enum DocsPage {
  /// What is said on the reference when it stands in for Swagger UI.
  static let notice = """
    **This build has no Swagger UI.** It is fetched when the project is set up and was not there then. To have it here, run \
    `scripts/fetch-assets` and build again. This reference says the same, without the buttons.
    """

  /// The page; `nil` where Swagger UI is not in the build.
  static func html() -> (page: Page, html: String)? {
    guard let script = Asset.swaggerScript, let style = Asset.swaggerStyle else { return nil }
    let page = Page(
      title: "Try out · Celerity", root: "", policy: .swagger, styles: [style, .frame, .swaggerTheme])
    let html = page.html(current: "docs") { html in
      html.element("main", ["id": "main", "class": "swagger"]) { html in
        html.element("h1", ["class": "hidden"], text: "Try out the HTTP API")
        html.element("div", ["id": "swagger-ui", "data-document": "openapi.json"]) { html in
          html.element("noscript") { html in
            html.element("p") { html in
              html.text("This page needs JavaScript. The ")
              html.element("a", ["href": "reference"], text: "reference")
              html.text(" does not.")
            }
          }
        }
      }
      html.element("footer", ["class": "credit"], text: "Swagger UI 5, by SmartBear Software, Apache License 2.0")
      for script in [script, Asset.swaggerStart] { html.element("script", ["src": script.path]) { _ in } }
    }
    return (page, html)
  }
}
