import CelerityRoutes

/// A page for people: the frame that all of them share, and the header fields that go with it.
struct Page {
  /// What scripts and styles a page may have.
  enum Policy {
    /// No script at all; nothing but our own style sheet and icon.
    case plain
    /// Swagger UI: scripts from here, styles that it sets on elements, icons inside its style sheet.
    case swagger

    /// The value of `Content-Security-Policy`.
    var text: String {
      let own =
        switch self {
        case .plain: "style-src 'self'; img-src 'self'"
        case .swagger:
          "script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'"
        }
      return "default-src 'none'; \(own); base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }
  }

  let title: String
  /// The way from the page's folder to the root: links are relative, so that pages work below any prefix.
  let root: String
  var policy = Policy.plain
  /// What else the head holds.
  var styles: [Asset] = [.frame, .style]

  /// Where each page is, in the order of the menu.
  private static let menu = [
    ("reference", "Reference"), ("docs", "Try it out"), ("problems", "Errors"), ("openapi.json", "OpenAPI"),
  ]

  /// The page around its main part.
  func html(current: String, _ main: (inout HTML) -> Void) -> String {
    var html = HTML()
    html.raw("<!doctype html>\n")
    html.element("html", ["lang": "en"]) { html in
      html.element("head") { writeHead(&$0) }
      html.line()
      html.element("body") { html in
        html.element("a", ["class": "skip", "href": "#main"], text: "Skip to content")
        html.element("header", ["class": "top"]) { writeMenu(current, &$0) }
        html.line()
        main(&html)
      }
    }
    html.line()
    return html.text
  }

  /// The page as an answer.
  func answer(_ html: String, status: Int = 200, headers: [(name: String, value: String)] = []) -> RouteResponse {
    RouteResponse(
      status,
      headers: [("Content-Security-Policy", policy.text), ("Referrer-Policy", "no-referrer")] + headers,
      body: .bytes(Array(html.utf8), contentType: "text/html; charset=utf-8"))
  }

  private func writeHead(_ html: inout HTML) {
    html.void("meta", ["charset": "utf-8"])
    html.void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
    html.void("meta", ["name": "color-scheme", "content": "light dark"])
    html.element("title", text: title)
    html.void("link", ["rel": "icon", "type": "image/svg+xml", "href": root + Asset.icon.path])
    for style in styles { html.void("link", ["rel": "stylesheet", "href": root + style.path]) }
  }

  private func writeMenu(_ current: String, _ html: inout HTML) {
    html.element("a", ["class": "brand", "href": root + "reference"]) { html in
      html.void("img", ["src": root + Asset.icon.path, "alt": "", "width": "24", "height": "24"])
      html.text("Celerity")
    }
    html.element("nav", ["aria-label": "Documentation"]) { html in
      for (path, name) in Self.menu {
        if path == current {
          html.element("a", ["href": root + path, "aria-current": "page"], text: name)
        } else {
          html.element("a", ["href": root + path], text: name)
        }
      }
    }
  }
}
