import CelerityJSON

/// Reads a list page by page, as far as somebody asks.
struct Pages: Sendable {
  let gateway: GatewayClient
  let path: String
  /// The member that holds a page's elements.
  let member: String
  var parameters: [(name: String, value: String)] = []

  /// No page is longer.
  static let longest = 200

  /// One answer.
  struct Page: Sendable {
    var json: RawJSON
    var elements: [RawJSON]
    var nextCursor: String?
    /// How many the gateway looked at, where it says so.
    var searched: Int?

    /// Whether the list goes on.
    var hasMore: Bool { nextCursor != nil }
  }

  /// The page behind a cursor, the first without one.
  func page(after cursor: String?, limit: Int) async throws(ClientError) -> Page {
    var query = parameters + [("limit", String(min(max(limit, 1), Self.longest)))]
    if let cursor { query.append(("cursor", cursor)) }
    let json: RawJSON
    do {
      json = try await gateway.json(.get(path, query: query))
    } catch {
      throw QueryFault.explain(error, query: parameters.first { $0.name == "q" }?.value)
    }
    guard let elements = json[member]?.elements() else {
      throw ClientError("the gateway's answer has no '\(member)'", status: .failed)
    }
    return Page(
      json: json, elements: elements, nextCursor: json["next_cursor"]?.stringValue,
      searched: json["searched"]?.int64Value.map(Int.init))
  }

  /// Hands pages on until `limit` elements came, all of them when it is `nil`; returns the last page. A page may be short
  /// though the list goes on, because the gateway looks at so many only. With `searchesOn` such a list is read further,
  /// else it ends there.
  func each(
    limit: Int?, searchesOn: Bool, _ handle: (Page) async throws(ClientError) -> Void
  ) async throws(ClientError) -> Page {
    var left = limit ?? .max
    var cursor: String?
    while true {
      let asked = min(left, Self.longest)
      let page = try await page(after: cursor, limit: asked)
      try await handle(page)
      left -= page.elements.count
      cursor = page.nextCursor
      let isCutShort = page.elements.count < asked && !searchesOn
      if cursor == nil || left <= 0 || isCutShort { return page }
    }
  }
}
