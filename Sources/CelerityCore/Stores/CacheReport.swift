public import CelerityJSON

/// What is told of a cache to people and monitors: its figures, and whether it can be used at all.
public struct CacheReport: Sendable, Hashable {
  /// The last figures that could be read; they stand still while the store is away.
  public var figures: CacheFigures
  /// Calls of the cache that failed, as far as the one who tells knows of them.
  public var errors: Int64
  /// Whether the cache is switched on.
  public var isEnabled: Bool
  /// Whether the store answers.
  public var isConnected: Bool

  /// A report of its parts.
  public init(_ figures: CacheFigures = CacheFigures(), errors: Int64 = 0, isEnabled: Bool, isConnected: Bool) {
    self.figures = figures
    self.errors = errors
    self.isEnabled = isEnabled
    self.isConnected = isConnected
  }

  /// Writes its members into an open object of JSON: `hits`, `misses`, `hit_rate_percent`, `total_requests`, `errors`,
  /// `sets`, `evictions`, `entries`, `bytes`, `enabled`, `connected`.
  public func write(to writer: inout JSONWriter) {
    writer.member("hits", figures.hits)
    writer.member("misses", figures.misses)
    writer.member("hit_rate_percent", figures.hitRatePercent)
    writer.member("total_requests", figures.requests)
    writer.member("errors", errors)
    writer.member("sets", figures.sets)
    writer.member("evictions", figures.evictions)
    writer.member("entries", figures.entries)
    writer.member("bytes", figures.bytes)
    writer.member("enabled", isEnabled)
    writer.member("connected", isConnected)
  }

  /// The report as an object of JSON.
  public var json: RawJSON {
    var writer = JSONWriter(reservingCapacity: 256)
    writer.beginObject()
    write(to: &writer)
    writer.endObject()
    return writer.finish()
  }
}

extension CacheFigures {
  /// Reads: hits and misses.
  public var requests: Int64 { hits + misses }

  /// The share of reads that found something, in percent with two decimals; 0 when there were none.
  public var hitRatePercent: Double {
    requests == 0 ? 0 : (Double(hits) / Double(requests) * 10_000).rounded() / 100
  }

  /// The sum of two caches.
  public static func + (a: CacheFigures, b: CacheFigures) -> CacheFigures {
    CacheFigures(
      hits: a.hits + b.hits, misses: a.misses + b.misses, sets: a.sets + b.sets, evictions: a.evictions + b.evictions,
      entries: a.entries + b.entries, bytes: a.bytes + b.bytes)
  }
}
