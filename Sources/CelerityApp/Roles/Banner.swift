import CelerityTasks

/// What a person reads when the platform has come up.
struct Banner {
  var version: String
  var address: String
  var dataDirectory: String
  var durability: String
  var concurrency: Int
  var tasks: [String]
  /// Seconds from the start of the process.
  var startupSeconds: Double?

  var text: String {
    let shown = tasks.prefix(4).joined(separator: ", ") + (tasks.count > 4 ? " and \(tasks.count - 4) more" : "")
    let time = startupSeconds.map { " in \(Int(($0 * 1000).rounded())) ms" } ?? ""
    return """

        Celerity \(version) is ready\(time): gateway, worker and scheduler in one process

        API      \(address)   try it out at \(address)/docs
        Data     \(dataDirectory) (SQLite, \(durability))
        Worker   \(concurrency) at once: \(shown)

        Try      \(example)
        or       \(command)

        Ctrl-C stops: running tasks finish first. A second Ctrl-C hands them back at once.

      """
  }

  /// The same with the command line, which looks for the platform where it is by default.
  private var command: String {
    let place = address == "http://127.0.0.1:8000" ? "" : "CELERITY_URL=\(address) "
    // As it was typed, so that it can be pasted: it need not be in the path, and need not be called celerity.
    let program = CommandLine.arguments.first ?? "celerity"
    guard tasks.contains("finance.compound_interest") else { return "\(place)\(program) kinds list" }
    return
      #"\#(place)\#(program) submit finance.compound_interest --kwargs '{"amount": 10000, "rate": 0.05}' --wait"#
  }

  /// A line that works when pasted.
  private var example: String {
    if tasks.contains("finance.compound_interest") {
      return
        #"curl -X POST \#(address)/tasks -H "Content-Type: application/json" -d '{"data": {"amount": 10000, "rate": 0.05}}'"#
    }
    return "curl \(address)/v1/tasks"
  }
}
