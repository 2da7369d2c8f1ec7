/// The pages that explain problems: a list, and one for each code. People get HTML, everybody else plain text.
enum ProblemPages {
  /// The list of all codes.
  static func list() -> (page: Page, html: String) {
    let page = Page(title: "Errors of Celerity", root: "")
    let html = page.html(current: "problems") { html in
      html.element("main", ["id": "main", "class": "narrow"]) { html in
        html.element("h1", text: "Errors")
        html.element("p", ["class": "lead"], text: "Every error of the API carries one of these codes.")
        SchemaTable.table(["Code", "Status", "What happened"], caption: "All codes", &html) { html in
          for kind in ProblemKind.sorted {
            html.element("tr") { html in
              html.element("th", ["scope": "row"]) { html in
                html.element("a", ["href": "problems/" + kind.code]) { $0.element("code", text: kind.code) }
              }
              html.element("td", ["data-label": "Status"], text: statuses(of: kind))
              html.element("td", ["data-label": "What happened"]) { html in
                Markdown.writeInline("\(kind.title): \(kind.firstSentence)", to: &html)
              }
            }
          }
        }
      }
    }
    return (page, html)
  }

  /// The list as text.
  static var listText: String {
    ProblemKind.sorted.map { "/problems/\($0.code)\n  \(statuses(of: $0)) \($0.title): \($0.firstSentence)\n" }.joined()
  }

  private static func statuses(of kind: ProblemKind) -> String {
    kind.statuses.map(String.init).joined(separator: " or ")
  }

  /// What one code means.
  static func explanation(of kind: ProblemKind) -> (page: Page, html: String) {
    let page = Page(title: "\(kind.title) · Celerity", root: "../")
    let html = page.html(current: "problems/" + kind.code) { html in
      html.element("main", ["id": "main", "class": "narrow"]) { html in
        html.element("p", ["class": "crumbs"]) { $0.element("a", ["href": "../problems"], text: "All errors") }
        html.element("h1", text: kind.title)
        html.element("p", ["class": "lead"]) { $0.element("code", text: kind.code) }
        html.element("h2", text: "What happened, and why")
        Markdown.write(kind.help, to: &html)
        html.element("h2", text: "What to do")
        Markdown.write(kind.remedy, to: &html)
      }
    }
    return (page, html)
  }

  /// The same as text.
  static func text(of kind: ProblemKind) -> String {
    "\(kind.title) (\(kind.code))\n\n\(kind.help)\n\nWhat to do: \(kind.remedy)\n"
  }
}

extension ProblemKind {
  /// All of them in the order of their codes.
  static let sorted = all.sorted { $0.code < $1.code }
}
