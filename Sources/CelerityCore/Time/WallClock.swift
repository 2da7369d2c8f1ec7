#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The one place that reads the machine's wall clock.
enum WallClock {
  /// Seconds from the epoch to 2001-01-01, from where `Date` counts: a double of today holds tenths of a microsecond.
  private static let reference: Int64 = 978_307_200

  // Not `clock_gettime`: in a module that imports Synchronization, `timespec` belongs to a private module of the library.
  static func sinceEpoch() -> Duration {
    .seconds(reference) + .microseconds(Int64((Date().timeIntervalSinceReferenceDate * 1_000_000).rounded(.down)))
  }
}
