import ArgumentParser
import CelerityCore

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Runs a gateway, the HTTP API, on Redis.",
    discussion: """
      celerity serve --engine redis://127.0.0.1:6379/0
      celerity serve --engine redis://127.0.0.1:6379/0 --port 8001   # another one; both answer for every task

      As many as wanted may run on one Redis. While Redis is away, requests are answered with 503, and the gateway recovers
      by itself.
      """, aliases: ["api"])

  @OptionGroup var listen: ListenOptions
  @OptionGroup var role: RoleOptions

  func run() async throws {
    let settings = try role.resolve(listen.flags)
    try RoleRun.refuseFile("serve", settings)
    try await RoleRun(
      roles: .gateway, settings: settings, services: InstalledServices.current,
      logger: settings.makeLogger("celerity.gateway")
    ).run()
  }
}

struct WorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Runs a worker on Redis, beside others in Swift or Python.",
    discussion: """
      celerity worker --engine redis://127.0.0.1:6379/0
      celerity worker --engine redis://127.0.0.1:6379/0 -Q reports,celery -c 8 -n reports@%h
      celerity worker -A shop -Q celery -c 4 -n w1@%h --loglevel INFO   # Celery's words, with CELERY_BROKER_URL set

      It takes the queues of the tasks it knows, and celery, where Celery's clients send tasks without a queue. What a task is
      and does is compiled in; --service chooses among the services of this program.
      """)

  @OptionGroup var work: WorkOptions
  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("Name of the worker; %h is the host, %n its first part, %d the rest.", valueName: "name"))
  var hostname: String?
  @Option(
    name: [.customShort("X"), .long],
    help: ArgumentHelp("Queues not to work on, separated by commas.", valueName: "a,b"))
  var excludeQueues: String?
  @Option(
    help: ArgumentHelp("Port of this machine for probes and /metrics; none without it.", valueName: "port"))
  var healthPort: String?
  @OptionGroup var role: RoleOptions
  @OptionGroup(title: "Words of Celery") var celery: CeleryWorkerOptions

  func run() async throws {
    let wishes = try celery.wishes(concurrency: work.concurrency)
    let settings = try role.resolve(
      [
        (Settings.engine, role.engine ?? celery.broker), (Settings.results, role.results ?? celery.resultBackend),
        (Settings.queues, work.queues), (Settings.concurrency, wishes.concurrency),
        (Settings.workerName, hostname), (Settings.excludedQueues, excludeQueues),
        (Settings.events, celery.taskEvents ? "true" : nil), (Settings.healthPort, healthPort),
      ])
    try RoleRun.refuseFile("worker", settings)
    try await RoleRun(
      roles: celery.beat ? [.worker, .scheduler] : .worker, settings: settings, services: InstalledServices.current,
      logger: settings.makeLogger("celerity.worker"), notes: wishes.notes
    ).run()
  }
}

struct SchedulerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scheduler", abstract: "Runs a scheduler on Redis: schedules, delayed tasks, leases, retention.",
    discussion: """
      celerity scheduler --engine redis://127.0.0.1:6379/0
      celerity scheduler -A shop --loglevel INFO   # Celery's words, with CELERY_BROKER_URL set

      Run two or more: one leads, and another takes over within 15 seconds when it dies.
      """, aliases: ["beat"])

  @Option(
    help: ArgumentHelp("Port of this machine for probes and /metrics; none without it.", valueName: "port"))
  var healthPort: String?
  @OptionGroup var role: RoleOptions
  @OptionGroup(title: "Words of Celery") var celery: CelerySchedulerOptions

  func run() async throws {
    let settings = try role.resolve(
      [
        (Settings.engine, role.engine ?? celery.broker), (Settings.results, role.results ?? celery.resultBackend),
        (Settings.healthPort, healthPort),
      ])
    try RoleRun.refuseFile("scheduler", settings)
    try await RoleRun(
      roles: .scheduler, settings: settings, services: InstalledServices.current,
      logger: settings.makeLogger("celerity.scheduler"), notes: celery.notes
    ).run()
  }
}
