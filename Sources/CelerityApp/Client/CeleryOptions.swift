import ArgumentParser

/// Options that Celery's programs take before their verb or behind it, whatever the verb.
struct CeleryOptions: ParsableArguments {
  @Option(
    name: [.customShort("A"), .long],
    help: ArgumentHelp("Taken, without effect: tasks are compiled in.", valueName: "module"))
  var app: String?
  @Option(name: [.customShort("b"), .long], help: ArgumentHelp("The same as --engine.", valueName: "url"))
  var broker: String?
  @Option(help: ArgumentHelp("The same as --results.", valueName: "url"))
  var resultBackend: String?

  var notes: [String] {
    app.map { ["-A \($0) has no effect: tasks are compiled into this program, and --service chooses among them"] } ?? []
  }
}

/// What Celery calls the way in which tasks run at once.
enum CeleryPool: String, CaseIterable, ExpressibleByArgument {
  case threads, solo, prefork, processes
}

/// How Celery's worker hands tasks to its processes.
enum CeleryOptimisation: String, CaseIterable, ExpressibleByArgument {
  case fair, `default`
}

/// Options of `celery worker` that are taken here. What has no effect says so at the start.
struct CeleryWorkerOptions: ParsableArguments {
  @OptionGroup var common: CeleryOptions
  @Flag(name: [.customShort("B"), .long], help: "Runs a scheduler in this process, too.") var beat = false
  @Option(
    name: [.customShort("P"), .long],
    help: ArgumentHelp("How tasks run: on threads; with solo one at a time.", valueName: "pool"))
  var pool: CeleryPool?
  @Option(
    help: ArgumentHelp("Tasks at once: the first number is what counts.", valueName: "max,min"))
  var autoscale: String?
  @Option(
    name: [.long, .customLong("prefetch-multiplier")],
    help: ArgumentHelp("Taken, without effect: a task is claimed when a slot is free.", valueName: "n"))
  var prefetch: String?
  @Flag(help: "Taken, without effect: nothing is prefetched.") var disablePrefetch = false
  @Option(
    name: [.customShort("O"), .long],
    help: ArgumentHelp("Taken, without effect: what is free gets work.", valueName: "mode"))
  var optimization: CeleryOptimisation?
  @Option(help: ArgumentHelp("Taken, without effect: there are no child processes.", valueName: "n"))
  var maxTasksPerChild: String?
  @Option(help: ArgumentHelp("Taken, without effect: there are no child processes.", valueName: "kilobytes"))
  var maxMemoryPerChild: String?
  @Flag(name: [.customShort("E"), .long], help: "Sends events of tasks, which is the default here.")
  var taskEvents = false
  @Flag(help: "Taken, without effect.") var withoutGossip = false
  @Flag(help: "Taken, without effect.") var withoutMingle = false
  @Flag(help: "Taken, without effect.") var withoutHeartbeat = false
  @Option(help: ArgumentHelp("Taken, without effect.", valueName: "seconds")) var heartbeatInterval: String?
  @Option(
    name: [.customShort("S"), .long],
    help: ArgumentHelp("Taken, without effect: what is revoked is kept in Redis.", valueName: "file"))
  var statedb: String?
  @Option(
    name: [.customShort("I"), .long],
    help: ArgumentHelp("Taken, without effect: tasks are compiled in.", valueName: "modules"))
  var include: String?
  @Option(
    name: [.customShort("s"), .long],
    help: ArgumentHelp("Taken, without effect: schedules are kept in Redis.", valueName: "file"))
  var scheduleFilename: String?

  var broker: String? { common.broker }
  var resultBackend: String? { common.resultBackend }

  /// What these options come to.
  struct Wishes: Equatable {
    /// The value of `worker.concurrency`.
    var concurrency: String?
    /// A line for each option that does something else than it does in Celery, or nothing.
    var notes: [String]
  }

  /// What these options come to, beside `-c`; throws when one of them can't be read.
  func wishes(concurrency asked: String?) throws(UsageError) -> Wishes {
    var wishes = Wishes(concurrency: asked, notes: common.notes)
    if pool == .solo {
      wishes.concurrency = "1"
      if let asked, asked != "1" {
        wishes.notes.append("-c \(asked) has no effect: --pool solo runs one task at a time")
      }
    }
    if pool == .prefork || pool == .processes {
      wishes.notes.append(
        "--pool \(pool?.rawValue ?? "") is not there yet: tasks run on threads of this process, and when one of them "
          + "brings it down the others are tried again")
    }
    if let autoscale {
      let numbers = autoscale.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(numbers.count), let most = numbers[0], numbers.allSatisfy({ ($0 ?? -1) >= 0 }), most > 0
      else {
        throw UsageError(
          "--autoscale can't be '\(autoscale)': it takes max,min", hint: "celerity worker --autoscale 10,3")
      }
      if pool != .solo { wishes.concurrency = String(most) }
      wishes.notes.append(
        "--autoscale \(autoscale) means up to \(most) at once: slots that wait cost nothing, so none are taken away")
    }
    wishes.notes += withoutEffect
    return wishes
  }

  private static let heard = "other workers and monitors expect to hear of it"

  private var withoutEffect: [String] {
    let given: [(String?, String)] = [
      (prefetch.map { "--prefetch \($0)" }, "a task is claimed when a slot is free, and others can take the rest"),
      (disablePrefetch ? "--disable-prefetch" : nil, "nothing is prefetched"),
      (optimization == .default ? "-O default" : nil, "a task goes to what is free, as with -O fair"),
      (
        maxTasksPerChild.map { "--max-tasks-per-child \($0)" },
        "there are no child processes; let a supervisor restart the worker, which loses nothing"
      ),
      (
        maxMemoryPerChild.map { "--max-memory-per-child \($0)" },
        "there are no child processes; limit the process with MemoryMax of systemd or a container"
      ),
      (withoutGossip ? "--without-gossip" : nil, Self.heard), (withoutMingle ? "--without-mingle" : nil, Self.heard),
      (withoutHeartbeat ? "--without-heartbeat" : nil, Self.heard),
      (heartbeatInterval.map { "--heartbeat-interval \($0)" }, "it says every two seconds that it is alive"),
      (statedb.map { "--statedb \($0)" }, "what is revoked is kept in Redis for all workers"),
      (include.map { "--include \($0)" }, "tasks are compiled into this program"),
      (scheduleFilename.map { "--schedule-filename \($0)" }, "schedules are kept in Redis"),
    ]
    return given.compactMap { option, reason in option.map { "\($0) has no effect: \(reason)" } }
  }
}

/// Options of `celery beat` that are taken here.
struct CelerySchedulerOptions: ParsableArguments {
  @OptionGroup var common: CeleryOptions
  @Option(
    name: [.customShort("s"), .customLong("schedule")],
    help: ArgumentHelp("Taken, without effect: schedules are kept in Redis.", valueName: "file"))
  var scheduleFilename: String?
  @Option(help: ArgumentHelp("Taken, without effect: it wakes when a slot is due.", valueName: "seconds"))
  var maxInterval: String?

  var broker: String? { common.broker }
  var resultBackend: String? { common.resultBackend }

  var notes: [String] {
    common.notes
      + (scheduleFilename.map { ["--schedule \($0) has no effect: schedules are kept in Redis"] } ?? [])
      + (maxInterval.map { ["--max-interval \($0) has no effect: it wakes when a slot is due"] } ?? [])
  }
}
