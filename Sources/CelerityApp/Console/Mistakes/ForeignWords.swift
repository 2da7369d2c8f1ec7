/// Verbs that people know from other tools, and what they are called here.
enum ForeignWords {
  struct Meaning: Sendable {
    var cause: String
    var line: String
  }

  static func meaning(of word: String) -> Meaning? {
    guard let (cause, line) = table[word.lowercased()] else { return nil }
    // A line that is not offered in this build would send people from one error to the next.
    let words = ShellWords.split(line).dropFirst()
    let (verb, _) = Verb.root.descend(words)
    return Meaning(cause: cause, line: verb.isRoot ? "celerity --help" : line)
  }

  /// The verb of a group for one that another tool has.
  static func verb(_ word: String, below group: Verb) -> String? {
    guard !group.isRoot, let known = verbs[word.lowercased()] else { return nil }
    return known.first { group.child(named: $0)?.isOffered == true }
  }

  /// What people try in order to change a setting.
  static let assigns: Set = ["set", "put", "write", "unset", "edit"]

  private static let verbs: [String: [String]] = [
    "ls": ["list"], "all": ["list"], "status": ["show", "list"], "get": ["explain", "show"], "info": ["show"],
    "describe": ["show", "explain"], "inspect": ["show"], "view": ["show"], "cat": ["show"],
    "rm": ["delete", "discard", "cancel", "purge"], "remove": ["delete", "discard", "cancel", "purge"],
    "del": ["delete", "discard", "cancel", "purge"], "delete": ["discard", "cancel", "purge"],
    "drop": ["discard", "purge", "delete"], "kill": ["cancel", "stop"], "abort": ["cancel"], "revoke": ["cancel"],
    "terminate": ["cancel", "stop"], "rerun": ["retry", "redrive"], "restart": ["retry"],
    "requeue": ["retry", "redrive"],
    "retry": ["redrive"], "replay": ["redrive", "retry"], "create": ["add"], "new": ["add"], "update": ["edit"],
    "set": ["edit"], "change": ["edit"], "fire": ["run"], "trigger": ["run"], "disable": ["pause", "quiet"],
    "enable": ["resume"], "unpause": ["resume"], "clear": ["purge"], "empty": ["purge"], "flush": ["purge"],
    "tail": ["logs"], "log": ["logs"], "output": ["result"], "wait": ["watch"], "follow": ["watch"],
    "validate": ["check"], "test": ["check", "next"], "preview": ["next"], "when": ["next"], "shutdown": ["stop"],
    "autoscale": ["scale"], "resize": ["scale"],
  ]

  private static let one = "'dev' runs gateway, worker and scheduler in one process"

  private static let table: [String: (cause: String, line: String)] = [
    "run-server": (one, "celerity dev"), "server": (one, "celerity dev"), "start": (one, "celerity dev"),
    "up": (one, "celerity dev"),
    "apply": ("tasks are started with 'submit'", "celerity submit --help"),
    "call": ("tasks are started with 'submit'", "celerity submit --help"),
    "enqueue": ("tasks are started with 'submit'", "celerity submit --help"),
    "run": ("tasks are started with 'submit'", "celerity submit --help"),
    "send": ("tasks are started with 'submit'", "celerity submit --help"),
    "result": ("results belong to tasks", "celerity task result --help"),
    "revoke": ("running and waiting tasks are cancelled", "celerity task cancel --help"),
    "requeue": ("dead tasks are redriven", "celerity dead redrive --help"),
    "purge": ("a queue is purged", "celerity queue purge --help"),
    "amqp": ("queues are looked after with 'queue'", "celerity queue list"),
    "control": ("workers are ordered about with 'workers'", "celerity workers --help"),
    "autoscale": ("workers are ordered about with 'workers'", "celerity workers scale --help"),
    "shutdown": ("workers are ordered about with 'workers'", "celerity workers stop --help"),
    "status": ("what runs is shown by 'top' and 'workers'", "celerity workers list"),
    "ps": ("what runs is shown by 'top' and 'workers'", "celerity workers list"),
    "monitor": ("what happens is shown by 'top' and 'events'", "celerity top"),
    "flower": ("what happens is shown by 'top' and 'events'", "celerity top"),
    "stats": ("what happens is shown by 'top' and 'events'", "celerity top"),
    "watch": ("what happens is shown by 'top' and 'events'", "celerity top"),
    "logs": ("lines are kept with their task", "celerity task logs --help"),
    "crontab": ("schedules are kept with 'schedule'", "celerity schedule list"),
    "periodic": ("schedules are kept with 'schedule'", "celerity schedule list"),
    "settings": ("settings are shown by 'config'", "celerity config show"),
    "set": ("settings are shown by 'config'", "celerity config show"),
    "health": ("the installation is looked over by 'doctor'", "celerity doctor"),
    "check": ("the installation is looked over by 'doctor'", "celerity doctor"),
    "types": ("kinds of tasks are shown by 'kinds'", "celerity kinds list"),
  ]
}
