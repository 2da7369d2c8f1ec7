import CelerityCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The time of day where the person is, for lines that come one after the other.
enum ClockText {
  /// `14:03:09` of a moment in RFC 3339; the text itself when it is none.
  static func timeOfDay(_ moment: String) -> String {
    guard let stamp = Timestamp(moment) else { return moment }
    var seconds = time_t(stamp.wholeSeconds)
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return moment }
    return [parts.tm_hour, parts.tm_min, parts.tm_sec].map { ($0 < 10 ? "0" : "") + String($0) }.joined(separator: ":")
  }
}
