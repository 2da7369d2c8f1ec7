import Testing

@testable import CelerityApp

/// What people type who know `celery worker`.
@Suite struct CeleryWordsTests {
  /// The verb that a line runs.
  private func verb<Command>(_ line: String, as type: Command.Type) throws -> Command {
    guard case .verb(let verb) = try CommandLineParse.parse(ShellWords.split(line)) else {
      throw ClientError("'\(line)' runs nothing")
    }
    return try #require(verb as? Command)
  }

  private func worker(_ line: String) throws -> WorkerCommand { try verb(line, as: WorkerCommand.self) }

  private func wishes(_ line: String) throws -> CeleryWorkerOptions.Wishes {
    let command = try worker(line)
    return try command.celery.wishes(concurrency: command.work.concurrency)
  }

  @Test func theLineOfCelerysUsersIsTaken() throws {
    let command = try worker("worker -A shop -Q a,b -c 4 -n name@%h --loglevel info")
    #expect(command.work.queues == "a,b")
    #expect(command.work.concurrency == "4")
    #expect(command.hostname == "name@%h")
    #expect(command.role.loglevel == "info")
    let notes = try wishes("worker -A shop -Q a,b -c 4 -n name@%h --loglevel info").notes
    #expect(notes.count == 1)
    #expect(notes.first?.hasPrefix("-A shop has no effect: ") == true)
  }

  @Test func optionsBeforeTheVerbAreTakenThere() throws {
    #expect(CeleryWords.inOrder(["-A", "x", "worker", "-c", "4"]) == ["worker", "-A", "x", "-c", "4"])
    #expect(CeleryWords.inOrder(["--app=x", "-b", "redis://h", "beat"]) == ["beat", "--app=x", "-b", "redis://h"])
    for line in [["-A", "x", "dev"], ["-A"], ["-A", "x"], ["--json", "worker"], ["worker"], []] {
      #expect(CeleryWords.inOrder(line) == line)
    }
    #expect(try worker("-A shop -b redis://h/1 worker -l INFO").celery.broker == "redis://h/1")
  }

  @Test(arguments: [
    ("--pool solo", "1", 0), ("--pool solo -c 8", "1", 1), ("--pool threads -c 8", "8", 0), ("-P prefork -c 2", "2", 1),
    ("--autoscale 10,3", "10", 1), ("--autoscale=7", "7", 1), ("-c 3", "3", 0), ("--pool processes", nil, 1),
  ]) func whatIsWishedForOfTheSlots(line: String, concurrency: String?, notes: Int) throws {
    let wishes = try wishes("worker " + line)
    #expect(wishes.concurrency == concurrency)
    #expect(wishes.notes.count == notes)
  }

  @Test(arguments: [
    "--prefetch 4", "--prefetch-multiplier=1", "--disable-prefetch", "-O default", "--max-tasks-per-child 100",
    "--max-memory-per-child 200000", "--statedb /tmp/x", "-S x", "-I a,b", "-s /tmp/beat",
    "--without-gossip", "--without-mingle", "--without-heartbeat", "--heartbeat-interval 2",
  ]) func anOptionWithoutEffectSaysSoInALine(line: String) throws {
    let notes = try wishes("worker " + line).notes
    #expect(notes.count == 1)
    #expect(notes.first?.contains(" has no effect: ") == true)
    #expect(notes.first?.contains("\n") == false)
  }

  @Test(arguments: ["-O fair", "-E", "--pool threads"])
  func whatHoldsAnywayNeedsNoWord(line: String) throws {
    #expect(try wishes("worker " + line).notes.isEmpty)
  }

  @Test(arguments: ["x", "3,x", "1,2,3", "0", ","]) func numbersOfSlotsThatAreNoneAreRefused(text: String) throws {
    #expect(throws: UsageError.self) { try wishes("worker --autoscale=\(text)") }
  }

  @Test func theSchedulerIsRunToo() throws {
    #expect(try worker("worker -B").celery.beat)
    #expect(try !worker("worker").celery.beat)
  }

  @Test func beatIsTheScheduler() throws {
    let command = try verb("-A x beat -l info -s /tmp/b --max-interval 5", as: SchedulerCommand.self)
    #expect(command.celery.notes.count == 3)
  }

  private func mistake(_ line: String) -> Mistake? { CommandLineCheck(Array(ShellWords.split(line))).mistake() }

  @Test(arguments: [
    ("worker -D -c 4", "foreground", "celerity worker -c 4"),
    ("worker --pidfile=/run/x.pid -c 4", "foreground", "celerity worker -c 4"),
    ("worker -f log -D -Q a", "standard error", "celerity worker -Q a"),
    ("worker --purge", "queue purge", "celerity worker"), ("worker --time-limit 30", "TaskOptions", "celerity worker"),
    ("worker --uid www", "User=", "celerity worker"), ("beat --detach", "foreground", "celerity beat"),
    ("beat -S django", "celerity schedule", "celerity beat"),
    ("worker --scheduler django", "schedule", "celerity worker"),
    ("worker --pool gevent", "threads, solo, prefork and processes", "celerity worker --pool"),
    ("worker --quues a", "did you mean --queues?", "celerity worker --queues a"),
    ("worker --without-gosip", "--without-gossip", "celerity worker --without-gossip"),
    ("worker list", "looks after", "celerity workers list"),
    ("scheduler list", "looks after", "celerity schedule list"),
    ("worker stop celery@h", "looks after", "celerity workers stop celery@h"),
    ("serve -c 4", "", "celerity serve --help"),
  ]) func whatCantBeTakenIsRefusedByName(line: String, cause: String, hint: String) throws {
    let found = try #require(mistake(line))
    #expect((found.cause ?? "").contains(cause), "\(found)")
    #expect(found.hint?.hasPrefix(hint) == true, "\(found)")
  }
}
