/// What holds for every verb: how it ends and what it reads from its surroundings.
enum CommandLineFacts {
  static let summary = "takes work over HTTP, keeps it durable, runs it on workers and shows everything"

  static func meaning(of status: ExitStatus) -> String {
    switch status {
    case .ok: "It was done."
    case .failed: "The task failed, or something else went wrong."
    case .usage: "The command line or a setting is wrong; nothing was done."
    case .notFound: "The task, queue, worker, schedule or kind is not there."
    case .denied: "Access was refused."
    case .conflict: "The state of things forbids it, for example retrying a task that still runs."
    case .unavailable: "No gateway answers, or what is needed is not available."
    case .tryLater: "Not now: try again later."
    case .timedOut: "The time to wait ran out; the task goes on."
    case .interrupted: "Interrupted with Ctrl-C; tasks go on."
    }
  }

  static let environment: [(name: String, meaning: String)] = [
    ("CELERITY_URL", "The gateway that client verbs talk to, unless --url names another."),
    ("CELERITY_CONFIG", "File with settings in YAML, unless --config names another."),
    ("CELERITY_…", "Any setting: worker.concurrency is CELERITY_WORKER_CONCURRENCY."),
    ("NO_COLOR", "When it is set to anything, nothing is coloured."),
    ("TERM", "With dumb, nothing is coloured and nothing is redrawn."),
    ("COLUMNS", "Width of the text, where the output is no terminal that tells its own."),
  ]

  static let output =
    "Verbs that read print a table on a terminal, tab-separated values in a pipe and JSON with --json. "
    + "Data go to standard output, everything else to standard error."
}
