import CelerityCore
import CelerityJSON
import CelerityRoutes

extension APIDescription {
  /// What an operation may answer with one status.
  struct Answer: Sendable, Hashable {
    /// Three digits, or `4XX` for a class of them.
    let status: String
    var description: String
    var headers: [Route.Parameter]
    var contents: [Content]

    /// Whether it is an error.
    var isError: Bool { status.first.map { "45".contains($0) } ?? false }
  }

  /// One form of a body.
  struct Content: Sendable, Hashable {
    let mediaType: String
    let schema: JSONSchema?
    let example: RawJSON?

    /// Whether it is JSON, which a schema of objects can describe.
    var isJSON: Bool { mediaType.hasSuffix("json") }
  }
}

extension APIDescription.Answer {
  /// The answers of a route: those it declares, several of one status as forms of one, and the errors that the gateway
  /// gives in its place.
  static func all(of route: Route) -> [Self] {
    var answers: [Self] = []
    for response in route.responses {
      let content = content(of: response, route)
      if let index = answers.firstIndex(where: { $0.status == String(response.status) }) {
        answers[index].add(response, content)
      } else {
        answers.append(
          Self(
            status: String(response.status), description: response.description, headers: response.headers,
            contents: content.map { [$0] } ?? []))
      }
    }
    return answers + [rest("4XX", route), rest("5XX", route)]
  }

  private mutating func add(_ response: Route.Response, _ content: APIDescription.Content?) {
    if response.description != description { description += "; " + response.description }
    headers += response.headers.filter { new in !headers.contains { $0.name == new.name } }
    if let content, !contents.contains(where: { $0.mediaType == content.mediaType }) { contents.append(content) }
  }

  private static func content(of response: Route.Response, _ route: Route) -> APIDescription.Content? {
    if response.schema == nil, response.contentType == "application/json" {
      if response.status >= 400 { return error(of: route, response.example) }
      if [204, 205, 304].contains(response.status) { return nil }
    }
    return APIDescription.Content(
      mediaType: response.contentType, schema: response.schema, example: response.example)
  }

  /// The form of a route's errors.
  private static func error(of route: Route, _ example: RawJSON?) -> APIDescription.Content {
    switch route.envelope {
    case .problem: .problem(example)
    case .custom: APIDescription.Content(mediaType: "application/json", schema: route.errorSchema, example: example)
    }
  }

  /// Errors that no route declares because the gateway finds them before it asks one: a broken request line, a slow body.
  private static func rest(_ status: String, _ route: Route) -> Self {
    let own = error(of: route, nil)
    let problem = APIDescription.Content.problem(nil)
    let blame = status == "4XX" ? "the request can't be answered" : "the platform failed"
    return Self(
      status: status, description: "Any other error: \(blame).", headers: [],
      contents: own == problem ? [problem] : [own, problem])
  }
}

extension APIDescription.Content {
  /// A problem of RFC 9457.
  static func problem(_ example: RawJSON?) -> Self {
    Self(mediaType: Problem.contentType, schema: .component("Problem"), example: example)
  }
}
