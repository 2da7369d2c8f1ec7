import CelerityCore
import CelerityObservability
import CelerityPrograms
import Logging

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the platform lends services: somewhere to write measurements and alerts to, and what limits helper programs.
struct ResourcesCheck {
  let settings: ResolvedSettings

  func findings() async -> [Finding] { [await telemetry, reports, programs] }

  private var telemetry: Finding {
    get async {
      let name = "telemetry"
      let sinks = settings[Settings.telemetrySinks]
      guard !sinks.isEmpty else { return .ok(name, "measurements go nowhere") }
      do {
        guard let influx = try TelemetryChoice(settings).influx(HTTPWebClient()) else {
          return .ok(name, "measurements go to \(sinks.joined(separator: ", "))")
        }
        let place = try WebPlace(settings[Settings.telemetryURL])
        guard let problem = await influx.check() else { return .ok(name, "InfluxDB answers at \(place)") }
        return .warning(
          name, "InfluxDB: \(problem)", fix: "start it, or set telemetry.url; up to telemetry.buffer points wait")
      } catch let error as UsageError {
        return .error(name, error.message, fix: error.hint ?? "celerity config explain telemetry")
      } catch {
        return .error(name, "\(error)", fix: "celerity config explain telemetry.url")
      }
    }
  }

  private var reports: Finding {
    let name = "alert reports"
    let path = Settings.reportFolder(settings)
    guard let status = FileStatus(path) else { return .ok(name, "\(path) will be made with the first alert") }
    guard status.isDirectory, access(path, W_OK | X_OK) == 0 else {
      return .error(name, "\(path) can't be written to", fix: "chmod u+rwx \(ShellWords.quoted(path)), or remove it")
    }
    return .ok(name, path)
  }

  private var programs: Finding {
    let runner = LimitedPrograms(
      directory: settings[Settings.data] + "/programs", path: SettingOptions.environment()["PATH"],
      logger: Logger(label: "doctor"))
    guard let prlimit = runner.find("prlimit") else {
      return .warning(
        "helper programs", "prlimit is not installed, and nothing is run without limits",
        fix: "apt-get install util-linux")
    }
    return .ok("helper programs", "limited by \(prlimit)")
  }
}
