import CelerityCore
import CelerityJSON

/// Answers remote control commands as Celery's workers do, word by word, because programs compare the words. Pure: what there
/// is to know of the worker is handed in, what there is to do is handed out.
public struct ControlDesk: Sendable {
  public let view: WorkerView

  /// A desk of a worker as it is now.
  public init(_ view: WorkerView) { self.view = view }

  /// The answer to a command. Whatever is wrong with it becomes an error in the answer.
  public func answer(_ request: ControlRequest) -> ControlAnswer {
    guard let command = Self.commands[request.method] else { return .raised("KeyError", request.method) }
    let name = Self.aliases[request.method] ?? request.method
    if let fault = command.fault(request.arguments, name: name) { return .raised("TypeError", fault) }
    return command.body(self, request.arguments)
  }

  /// Whether a worker has something to look up in its store before it can answer.
  public static func looksUp(_ method: String) -> Bool {
    ["scheduled", "dump_schedule", "query_task"].contains(method)
  }

  /// Whether an answer shows what was revoked, which may be much.
  public static func showsRevoked(_ method: String) -> Bool { ["revoked", "dump_revoked", "hello"].contains(method) }

  /// A command: what it takes and what it does.
  struct Command: Sendable {
    /// Arguments that must be there.
    var required: [String] = []
    /// All that are known; `nil` takes any others too.
    var allowed: Set<String>?
    var body: @Sendable (ControlDesk, ControlArguments) -> ControlAnswer

    /// What Python says of arguments that do not fit.
    func fault(_ arguments: ControlArguments, name: String) -> String? {
      if let allowed, let extra = arguments.unexpected(beyond: allowed) {
        return "\(name)() got an unexpected keyword argument '\(extra)'"
      }
      let missing = arguments.missing(of: required)
      guard !missing.isEmpty else { return nil }
      let names = missing.map { "'\($0)'" }
      let list =
        names.count == 1 ? names[0] : names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
      return "\(name)() missing \(names.count) required positional argument\(names.count == 1 ? "" : "s"): \(list)"
    }
  }

  private static let aliases = [
    "dump_active": "active", "dump_reserved": "reserved", "dump_schedule": "scheduled", "dump_revoked": "revoked",
    "dump_tasks": "registered", "dump_conf": "conf",
  ]

  private static let commands: [String: Command] = {
    var commands = inspection.merging(control) { first, _ in first }
    for (alias, name) in aliases { commands[alias] = commands[name] }
    return commands
  }()

  private static let inspection: [String: Command] = [
    "ping": Command { _, _ in .ok("pong") },
    "stats": Command { desk, _ in ControlAnswer(desk.stats) },
    "active": Command { desk, arguments in ControlAnswer(desk.active(safely: arguments.flag("safe"))) },
    "reserved": Command { desk, _ in ControlAnswer(desk.reserved) },
    "scheduled": Command { desk, _ in ControlAnswer(desk.scheduled) },
    "revoked": Command { desk, _ in ControlAnswer(.array(desk.view.revoked.map(RawJSON.string))) },
    "registered": Command { desk, arguments in ControlAnswer(desk.registered(arguments)) },
    "active_queues": Command(allowed: []) { desk, _ in ControlAnswer(desk.activeQueues) },
    "conf": Command { desk, _ in ControlAnswer(.object(desk.view.settings)) },
    "query_task": Command(required: ["ids"]) { desk, arguments in ControlAnswer(desk.states(of: arguments.texts("ids")))
    },
    "report": Command(allowed: []) { desk, _ in .ok(desk.report) },
    "clock": Command { desk, _ in ControlAnswer(.object([("clock", .integer(desk.view.clock))])) },
    "hello": Command(required: ["from_node"]) { desk, arguments in desk.hello(arguments) },
    "memsample": Command { desk, _ in ControlAnswer(desk.memory) },
    "memdump": Command { _, _ in ControlAnswer(.null) },
    "objgraph": Command(allowed: ["num", "max_depth", "type"]) { _, _ in
      .raised("ImportError", "Requires the objgraph library")
    },
  ]

  private static let control: [String: Command] = [
    "revoke": Command(required: ["task_id"]) { desk, arguments in desk.revoke(arguments) },
    "terminate": Command(required: ["signal", "task_id"]) { desk, arguments in desk.terminate(arguments) },
    "revoke_by_stamped_headers": Command(required: ["headers"]) { desk, arguments in desk.revokeStamped(arguments) },
    "rate_limit": Command(required: ["task_name", "rate_limit"]) { desk, arguments in desk.limitRate(arguments) },
    "time_limit": Command { desk, arguments in desk.limitTime(arguments) },
    "enable_events": Command(allowed: []) { desk, _ in
      desk.view.sendsTaskEvents
        ? .ok("task events already enabled") : .ok("task events enabled", .sendTaskEvents(true))
    },
    "disable_events": Command(allowed: []) { desk, _ in
      desk.view.sendsTaskEvents
        ? .ok("task events disabled", .sendTaskEvents(false)) : .ok("task events already disabled")
    },
    "heartbeat": Command(allowed: []) { _, _ in ControlAnswer(.null, [.heartbeat]) },
    "election": Command(required: ["id", "topic"]) { _, arguments in
      let action = ControlAction.stand(
        election: arguments.text("id") ?? "", topic: arguments.text("topic") ?? "",
        action: arguments["action"] ?? .null)
      return ControlAnswer(.null, [action])
    },
    "pool_grow": Command { desk, arguments in desk.resize(arguments, sign: 1) },
    "pool_shrink": Command { desk, arguments in desk.resize(arguments, sign: -1) },
    "pool_restart": Command { _, _ in .raised("ValueError", "Pool restarts not enabled") },
    "autoscale": Command(allowed: ["max", "min"]) { _, _ in .raised("ValueError", "Autoscale not enabled") },
    "add_consumer": Command(required: ["queue"]) { _, arguments in
      guard let queue = arguments.text("queue"), QueueKey.isLegal(name: queue) else {
        return .raised("ValueError", "no name of a queue")
      }
      return .ok("add consumer \(queue)", .addQueue(queue))
    },
    "cancel_consumer": Command(required: ["queue"]) { _, arguments in
      let queue = arguments.text("queue") ?? "None"
      return .ok("no longer consuming from \(queue)", .removeQueue(queue))
    },
    "shutdown": Command { _, _ in ControlAnswer(nil, [.stop]) },
  ]
}
