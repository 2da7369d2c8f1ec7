import CelerityTasks
import CelerityWorker
import Logging

/// What a person reads when the process has come up.
struct Banner {
  var roles: RoleSet
  var version: String
  /// Where requests are answered, if they are.
  var address: String?
  /// Where tasks are kept, without secrets.
  var store: String
  /// What SQLite promises; `nil` for other stores.
  var durability: String?
  var worker: String
  var queues: [String]
  var concurrency: Int
  var tasks: [String]
  /// Seconds from the start of the process.
  var startupSeconds: Double?

  var text: String {
    let time = startupSeconds.map { " in \(Int(($0 * 1000).rounded())) ms" } ?? ""
    let lines = ["", "  Celerity \(version) is ready\(time): \(parts)", ""] + facts + trial + ["", "  \(ending)", ""]
    return lines.joined(separator: "\n")
  }

  /// The same for machines, beside a line of the log that says `ready`.
  var metadata: Logger.Metadata {
    var metadata: Logger.Metadata = ["version": "\(version)", "roles": "\(roles.names)", "engine": "\(store)"]
    if let address { metadata["address"] = "\(address)" }
    if let durability { metadata["durability"] = "\(durability)" }
    if let startupSeconds { metadata["startup_ms"] = .stringConvertible(Int((startupSeconds * 1000).rounded())) }
    guard roles.contains(.worker) else { return metadata }
    metadata["worker"] = "\(worker)"
    metadata["queues"] = "\(queues.joined(separator: ","))"
    metadata["concurrency"] = .stringConvertible(concurrency)
    return metadata
  }

  private var parts: String { roles == .all ? "\(roles.names) in one process" : roles.names }

  private var facts: [String] {
    var facts: [(String, String)] = []
    if let address {
      facts.append(
        roles.contains(.gateway)
          ? ("API", "\(address)   try it out at \(address)/docs")
          : ("Health", "\(address)/readyz and \(address)/metrics"))
    }
    if let durability {
      facts.append(("Data", "\(store) (SQLite, \(durability))"))
    } else {
      facts.append(("Engine", store))
    }
    if roles.contains(.worker) {
      let shown = tasks.prefix(4).joined(separator: ", ") + (tasks.count > 4 ? " and \(tasks.count - 4) more" : "")
      facts.append(("Worker", (roles == .all ? "" : "\(worker), ") + "\(concurrency) at once: \(shown)"))
      if roles != .all { facts.append(("Queues", queues.joined(separator: ", "))) }
    }
    return facts.map { "  \($0.0.padded(to: 8)) \($0.1)" }
  }

  private var trial: [String] {
    guard let address, roles.contains(.gateway) else { return [] }
    return ["", "  Try      \(example(address))", "  or       \(command(address))"]
  }

  private var ending: String {
    roles.contains(.worker)
      ? "Ctrl-C stops: running tasks finish first. A second Ctrl-C hands them back at once."
      : "Ctrl-C stops, a second one without waiting."
  }

  /// The same with the command line, which looks for the platform where it is by default.
  private func command(_ address: String) -> String {
    let place = address == "http://127.0.0.1:8000" ? "" : "CELERITY_URL=\(address) "
    // As it was typed, so that it can be pasted: it need not be in the path, and need not be called celerity.
    let program = CommandLine.arguments.first ?? "celerity"
    guard tasks.contains("finance.compound_interest") else { return "\(place)\(program) kinds list" }
    return
      #"\#(place)\#(program) submit finance.compound_interest --kwargs '{"amount": 10000, "rate": 0.05}' --wait"#
  }

  /// A line that works when pasted.
  private func example(_ address: String) -> String {
    if tasks.contains("finance.compound_interest") {
      return
        #"curl -X POST \#(address)/tasks -H "Content-Type: application/json" -d '{"data": {"amount": 10000, "rate": 0.05}}'"#
    }
    return "curl \(address)/v1/tasks"
  }
}

extension Banner {
  /// The banner of a platform that has come up.
  init(_ platform: Platform, address: String?, startupSeconds: Double?) {
    let settings = platform.settings
    let worker = settings.worker(platform.registry)
    self.init(
      roles: platform.roles, version: celerityVersion, address: address, store: platform.opened.place,
      durability: platform.opened.file == nil ? nil : settings.resolved[Settings.durability], worker: worker.name,
      queues: worker.queues, concurrency: worker.concurrency, tasks: platform.registry.names,
      startupSeconds: startupSeconds)
  }
}
