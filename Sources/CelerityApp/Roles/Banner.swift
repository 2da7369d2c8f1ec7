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

        API      \(address)   health \(address)/health
        Data     \(dataDirectory) (SQLite, \(durability))
        Worker   \(concurrency) at once: \(shown)

        Try      \(example)

        Ctrl-C stops: running tasks finish first. A second Ctrl-C hands them back at once.

      """
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
