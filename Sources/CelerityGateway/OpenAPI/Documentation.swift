import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import Synchronization

/// The API's description and what is made from it. Nothing is made before somebody asks, so that a gateway starts as fast
/// as without; what was made is kept.
final class Documentation: Sendable {
  /// A document and the tag that changes with it.
  struct Document: Sendable {
    let bytes: [UInt8]
    let tag: EntityTag

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      tag = EntityTag(text: "\"\(contentHash(bytes))\"")
    }
  }

  private struct State {
    var entries: [RouteCatalog.Entry] = []
    var description: APIDescription?
    var document: Document?
    /// By the address that the page's `curl` lines lead to; and whether it stands in for the page to try things out.
    var references: [Key: Document] = [:]
  }

  private struct Key: Hashable {
    var base: String
    var notice: String?
  }

  /// A gateway is asked for by few names.
  private static let referenceLimit = 4

  private let version: String
  private let registry: TaskRegistry
  private let state = Mutex(State())

  init(version: String, registry: TaskRegistry) {
    self.version = version
    self.registry = registry
  }

  /// Says what is mounted; routes are made before the catalog that holds them.
  func describe(_ catalog: RouteCatalog) {
    state.withLock { $0 = State(entries: catalog.entries) }
  }

  /// The OpenAPI document.
  var openAPI: Document {
    state.withLock { state in
      if let made = state.document { return made }
      let made = Document(OpenAPIDocument(description(&state)).json.bytes)
      state.document = made
      return made
    }
  }

  /// The reference page for whoever came by way of a host; with a notice where it stands in for another page.
  func reference(host: String, notice: String? = nil) -> Document {
    state.withLock { state in
      let key = Key(base: "http://" + host, notice: notice)
      if let made = state.references[key] { return made }
      let page = ReferencePage(description(&state), base: key.base)
      let html = page.html(of: Self.referencePage, current: notice == nil ? "reference" : "docs", notice: notice)
      let made = Document(Array(html.utf8))
      if state.references.count >= Self.referenceLimit { state.references = [:] }
      state.references[key] = made
      return made
    }
  }

  /// The frame of the reference page.
  static let referencePage = Page(title: "HTTP API · Celerity", root: "")

  private func description(_ state: inout State) -> APIDescription {
    if let made = state.description { return made }
    let made = APIDescription(version: version, entries: state.entries, registry: registry)
    state.description = made
    return made
  }
}
