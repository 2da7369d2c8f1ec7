import CelerityCore
import CelerityCron

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The clocks: both run at one pace, the wall clock is of this time, something keeps it right, and zones are known.
enum ClockCheck {
  struct Clocks {
    var wall: Timestamp
    var uptime: Duration
  }

  private static let name = "clock"
  /// The moment before which this program did not exist, so that a clock that shows it is wrong.
  private static let earliest = Timestamp(microseconds: 1_735_689_600_000_000)

  /// Read at the start; the other checks take long enough to see a clock that jumps.
  static func begin() -> Clocks {
    let time = SystemTime()
    return Clocks(wall: time.now, uptime: time.uptime)
  }

  static func end(_ start: Clocks) -> [Finding] {
    let now = begin()
    var findings: [Finding] = []
    let drift = (now.wall - start.wall) - (now.uptime - start.uptime)
    if now.wall < earliest {
      findings.append(
        .error(name, "it shows \(now.wall.rfc3339), which is past", fix: "set it: timedatectl set-ntp true"))
    } else if abs(drift.inSeconds) > 0.5 {
      findings.append(
        .warning(
          name, "the wall clock jumped by \(HumanText.duration(drift)) while this ran",
          fix: "let one program keep it right (chrony or systemd-timesyncd), which slews instead of jumping"))
    } else {
      findings.append(.ok(name, "\(now.wall.rfc3339.prefix(19))Z, \(keeper)"))
    }
    return findings + [zones]
  }

  /// Who keeps the clock right, as far as files tell.
  private static var keeper: String {
    if access("/run/systemd/timesync/synchronized", F_OK) == 0 { return "synchronised by systemd-timesyncd" }
    if access("/run/chrony", F_OK) == 0 { return "kept by chrony" }
    if access("/run/ntpd.pid", F_OK) == 0 || access("/var/run/ntpd.pid", F_OK) == 0 { return "kept by ntpd" }
    return "not known whether something keeps it right"
  }

  private static var zones: Finding {
    do {
      _ = try CronZone("Europe/Berlin")
      return .ok("time zones", "the tz database is there")
    } catch {
      return .error(
        "time zones", "schedules with a time zone can't be read: \(error.message)",
        fix: "apt-get install tzdata, or set TZDIR to where it is")
    }
  }
}
