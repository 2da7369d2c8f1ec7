import CelerityCore
import CelerityTasks

/// Documents that were made before, shared by all processes. A cache that the platform has switched off, or that
/// can't be reached, is as good as empty: nothing depends on it but time.
struct DocumentCache: Sendable {
  /// The cache's name, under which monitors show its figures.
  static let name = "documents"

  let resources: ServiceResources

  /// What an order led to before.
  ///
  /// - Parameter counting: whether a hit or a miss is counted: once for each order.
  func document(_ order: DocumentOrder, counting: Bool = true) async -> StoredDocument? {
    let blob = try? await resources.cache.cached(CacheKey(Self.name, order.digest), counting: counting)
    return (blob ?? nil).map { StoredDocument($0) }
  }

  /// Keeps what an order led to; whether that was possible.
  @discardableResult
  func keep(_ document: StoredDocument, for order: DocumentOrder) async -> Bool {
    let lifetime = resources.settings.cacheLifetime(of: order.format)
    guard lifetime > .zero else { return false }
    do {
      try await resources.cache.cache(
        document.blob, at: CacheKey(Self.name, order.digest), for: lifetime, bound: resources.settings.cacheBound)
      return true
    } catch {
      return false
    }
  }
}
