import CelerityRoutes

/// What a person sees whose browser asked for something that is not there: the same words as in the problem.
enum MissingPage {
  /// The page as an answer to a request.
  static func answer(to error: RouteError, _ request: RouteRequest) -> RouteResponse {
    // Relative as on every page, from however deep the path is.
    let depth = request.path.utf8.filter { $0 == UInt8(ascii: "/") }.count
    let root = depth > 1 ? String(repeating: "../", count: depth - 1) : "./"
    let title = Problem.title(of: error)
    let page = Page(title: "\(title) · Celerity", root: root)
    let html = page.html(current: "") { html in
      html.element("main", ["id": "main", "class": "narrow"]) { html in
        html.element("h1", text: title)
        html.element("p", ["class": "lead"], text: "\(error.status): \(error.detail)")
        if let hint = error.hint { html.element("p", text: hint) }
        html.element("p") { html in
          html.element("a", ["href": root + "problems/" + error.code]) { $0.element("code", text: error.code) }
          html.text(" · trace ")
          html.element("code", text: request.traceID)
        }
        html.element("p") { $0.element("a", ["href": root], text: "To the start page") }
      }
    }
    return page.answer(html, status: error.status, headers: error.headers + [("Vary", "Accept")])
  }
}
