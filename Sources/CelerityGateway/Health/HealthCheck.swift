import CelerityCore
import CelerityJSON
import CelerityRoutes

/// A check of a probe, and how it went.
struct HealthCheck: Sendable, Hashable {
  /// How a check went.
  enum Result: String, Sendable, Hashable {
    case ok
    case failed
    /// Whoever asked did not want to know.
    case excluded
  }

  let name: String
  var result: Result

  init(_ name: String, _ isGood: Bool) {
    self.name = name
    result = isGood ? .ok : .failed
  }
}

/// What a probe found, in the forms in which it is told.
struct ProbeReport: Sendable {
  let name: String
  let checks: [HealthCheck]

  var isGood: Bool { !checks.contains { $0.result == .failed } }

  /// A probe's checks without those that are excluded; an excluded check that there is not is a mistake.
  init(_ name: String, _ checks: [HealthCheck], excluding excluded: [String]) throws(RouteError) {
    for name in excluded where !checks.contains(where: { $0.name == name }) {
      let guess = closestMatch(to: name, among: checks.map(\.name)).map { "did you mean '\($0)'?" }
      throw .invalidParameter(
        "exclude", "'\(name)' is no check of this probe",
        hint: guess ?? "checks: " + checks.map(\.name).joined(separator: ", "))
    }
    self.name = name
    self.checks = checks.map { check in
      var check = check
      if excluded.contains(check.name) { check.result = .excluded }
      return check
    }
  }

  /// As Kubernetes' API server writes it.
  var lines: String {
    let lines = checks.map { check in
      switch check.result {
      case .ok: "[+]\(check.name) ok\n"
      case .failed: "[-]\(check.name) failed\n"
      case .excluded: "[+]\(check.name) excluded: ok\n"
      }
    }
    return lines.joined() + "\(name) check \(isGood ? "passed" : "failed")\n"
  }

  var json: RawJSON {
    var writer = JSONWriter(reservingCapacity: 128)
    writer.beginObject()
    writer.member("status", isGood ? "ok" : "failed")
    writer.member(
      "checks",
      array: { writer in
        for check in checks {
          writer.beginObject()
          writer.member("name", check.name)
          writer.member("status", check.result.rawValue)
          writer.endObject()
        }
      })
    writer.endObject()
    return writer.finish()
  }
}
