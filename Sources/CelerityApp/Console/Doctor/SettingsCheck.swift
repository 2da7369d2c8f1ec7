import CelerityCore
import CelerityJSON
import SQLiteEngine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What runs here.
enum VersionCheck {
  static var findings: [Finding] {
    [.ok("version", "Celerity \(celerityVersion), SQLite \(StoreInspection.libraryVersion), \(system)")]
  }

  /// The parts with their versions.
  static var json: RawJSON {
    .object([
      ("version", .string(celerityVersion)), ("sqlite", .string(StoreInspection.libraryVersion)),
      ("system", .string(system)),
    ])
  }

  private static var system: String {
    var name = utsname()
    guard uname(&name) == 0 else { return "unknown system" }
    return [text(of: name.sysname), text(of: name.release), text(of: name.machine)].joined(separator: " ")
  }

  private static func text<Characters>(of characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

/// Whether the settings can be read, and which of them are risky.
enum SettingsCheck {
  /// The settings for the other checks: the defaults where the real ones are wrong.
  static func run(_ options: SettingOptions) -> (ResolvedSettings, [Finding]) {
    do {
      let settings = try options.resolve()
      let risks = risks(settings)
      return (settings, risks.isEmpty ? [.ok("settings", "read without complaint")] : risks)
    } catch let error as SettingsError {
      return (
        ResolvedSettings(entries: [:]),
        error.problems.map { problem in
          .error(
            "settings", problem.text, fix: "celerity config explain \(problem.setting ?? "KEY") tells what it takes")
        }
      )
    } catch let error as ClientError {
      return (
        ResolvedSettings(entries: [:]), [.error("settings", error.what, fix: error.hint ?? "celerity config show")]
      )
    } catch let error as UsageError {
      return (
        ResolvedSettings(entries: [:]), [.error("settings", error.message, fix: error.hint ?? "celerity config show")]
      )
    } catch {
      return (ResolvedSettings(entries: [:]), [.error("settings", "\(error)", fix: "celerity config show")])
    }
  }

  private static func risks(_ settings: ResolvedSettings) -> [Finding] {
    var risks: [Finding] = []
    if settings[Settings.durability] == "relaxed" {
      risks.append(
        .warning(
          "settings", "sqlite.durability is relaxed: a power cut can take accepted tasks with it",
          fix: "set sqlite.durability to durable, unless every task can be lost"))
    }
    if ["trace", "debug"].contains(settings[Settings.logLevel]) {
      risks.append(
        .warning(
          "settings", "log.level is \(settings[Settings.logLevel]): logs grow quickly and slow the work",
          fix: "set log.level to info"))
    }
    if settings[Settings.grace] < .seconds(1) {
      risks.append(
        .warning(
          "settings", "worker.grace is below a second: every restart interrupts the tasks that run",
          fix: "set worker.grace to what most tasks need to finish"))
    }
    if settings[Settings.lease] < .seconds(5) {
      risks.append(
        .warning(
          "settings", "worker.lease is below five seconds: a short pause of the machine makes running tasks run twice",
          fix: "set worker.lease to 30s"))
    }
    if settings[Settings.maximumBody] > 64 << 20 {
      risks.append(
        .warning(
          "settings", "gateway.maximum_body_bytes lets one request take more than 64 MiB of memory",
          fix: "keep large data elsewhere and give tasks its address"))
    }
    return risks
  }
}
