/// What people type who know `celery worker` and `celery beat`.
enum CeleryWords {
  /// Options of Celery that stand before its verb, each with a value.
  private static let leading: Set = ["-A", "--app", "-b", "--broker", "--result-backend"]
  private static let verbs: Set = ["beat", "scheduler", "worker"]

  /// `-A shop worker -c 4` as `worker -A shop -c 4`; any other line as it is.
  static func inOrder(_ words: [String]) -> [String] {
    var index = 0
    while index < words.count, words[index].hasPrefix("-") {
      guard leading.contains(String(words[index].prefix { $0 != "=" })) else { return words }
      index += words[index].contains("=") ? 1 : 2
    }
    guard index > 0, index < words.count, verbs.contains(words[index]) else { return words }
    return [words[index]] + words[..<index] + words[(index + 1)...]
  }

  /// An option of Celery's that can't be taken.
  struct Refusal {
    var reason: String
    var hasValue = true
  }

  /// Why an option of Celery is not taken by a verb; `nil` for options that Celery does not have there either.
  static func refusal(of name: String, _ verb: Verb) -> Refusal? {
    switch verb.title {
    case "celerity worker": worker[name] ?? both[name]
    case "celerity scheduler": scheduler[name] ?? both[name]
    default: nil
    }
  }

  private static let foreground = "it stays in the foreground, where systemd or another supervisor looks after it"
  private static let user = "it runs as whoever starts it: User= of systemd, or sudo -u"
  private static let python = "it says how Python finds modules, and tasks are compiled in here"
  private static let limits =
    "limits belong to tasks: timeLimit in TaskOptions, or time_limit and soft_time_limit of a submission"
  private static let purges =
    "waiting tasks are purged by a verb of their own, which says how many: celerity queue purge"
  private static let classes = "schedules are kept in Redis, and looked after with celerity schedule"

  private static let both: [String: Refusal] = [
    "-C": Refusal(reason: "colours are switched off by the environment: NO_COLOR=1", hasValue: false),
    "--no-color": Refusal(reason: "colours are switched off by the environment: NO_COLOR=1", hasValue: false),
    "-D": Refusal(reason: foreground, hasValue: false), "--detach": Refusal(reason: foreground, hasValue: false),
    "-f": Refusal(reason: "log lines go to standard error: send them on with 2>> FILE"),
    "--logfile": Refusal(reason: "log lines go to standard error: send them on with 2>> FILE"),
    "--pidfile": Refusal(reason: foreground), "--uid": Refusal(reason: user), "--gid": Refusal(reason: user),
    "--umask": Refusal(reason: "it writes no files: results, schedules and revocations are kept in Redis"),
    "--executable": Refusal(reason: python), "--loader": Refusal(reason: python),
    "--workdir": Refusal(reason: python),
    "-q": Refusal(reason: "less is written with --loglevel warning", hasValue: false),
    "--quiet": Refusal(reason: "less is written with --loglevel warning", hasValue: false),
    "--skip-checks": Refusal(reason: "the installation is looked over by celerity doctor alone", hasValue: false),
  ]

  private static let worker: [String: Refusal] = [
    "--purge": Refusal(reason: purges, hasValue: false), "--discard": Refusal(reason: purges, hasValue: false),
    "--time-limit": Refusal(reason: limits), "--soft-time-limit": Refusal(reason: limits),
    "--scheduler": Refusal(reason: classes),
  ]

  private static let scheduler: [String: Refusal] = [
    "-S": Refusal(reason: classes), "--scheduler": Refusal(reason: classes),
  ]
}

extension OperandCheck {
  /// An option of Celery's that can't be taken; the line to type is the same without all of these.
  func refusedOption(_ name: String, _ error: String) -> Mistake? {
    guard let refusal = CeleryWords.refusal(of: name, verb) else { return nil }
    var line: [String] = []
    var index = 0
    while index < rest.count {
      let word = rest[index]
      index += 1
      guard let refused = CeleryWords.refusal(of: String(word.prefix { $0 != "=" }), verb) else {
        line.append(word)
        continue
      }
      if refused.hasValue, !word.contains("="), index < rest.count, !rest[index].hasPrefix("-") { index += 1 }
    }
    return Mistake(error: error, cause: refusal.reason, hint: pasteable(line))
  }

  /// `celerity worker list` and `celerity scheduler list`: what runs is looked after with another noun.
  func otherNoun(_ word: String, _ error: String) -> Mistake? {
    let nouns = ["celerity worker": "workers", "celerity scheduler": "schedule"]
    guard let noun = nouns[verb.title], let group = Verb.root.child(named: noun), group.child(named: word) != nil
    else { return nil }
    let line = [noun] + rest
    let isWhole = CommandLineParse.accepts(line)
    return Mistake(
      error: error, cause: "'\(verb.title)' runs one; '\(group.title)' looks after what there is",
      hint: isWhole ? CommandLineParse.line(line) : "celerity \(noun) \(word) --help")
  }
}
