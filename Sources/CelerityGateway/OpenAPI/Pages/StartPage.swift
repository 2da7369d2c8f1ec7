/// What a person sees who opens the gateway's address in a browser.
enum StartPage {
  private static let links = [
    ("docs", "Try it out", "Every operation with a form and a button."),
    ("reference", "Reference", "The HTTP API on one page, to read, to search and to print."),
    ("problems", "Errors", "What each code means, and what to do about it."),
    ("openapi.json", "OpenAPI", "The API for programs that write clients."),
    ("health", "Health", "Whether everything works, check by check."),
    ("metrics", "Metrics", "How much is done, how long it takes and what waits."),
  ]

  /// The page.
  static func html(version: String) -> (page: Page, html: String) {
    let page = Page(title: "Celerity", root: "")
    let html = page.html(current: "") { html in
      html.element("main", ["id": "main", "class": "narrow"]) { html in
        html.element("h1", text: "Celerity")
        html.element(
          "p", ["class": "lead"], text: "A task queue: send work, see what became of it. Version \(version).")
        html.element("dl", ["class": "links"]) { html in
          for (path, name, about) in links {
            html.element("dt") { $0.element("a", ["href": path], text: name) }
            html.element("dd", text: about)
          }
        }
        html.element("p") { html in
          html.text("Programs that ask for JSON get the same links as ")
          html.element("code", text: "application/json")
          html.text(".")
        }
      }
    }
    return (page, html)
  }
}
