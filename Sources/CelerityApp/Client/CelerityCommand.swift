public import ArgumentParser
import CelerityCore
import CelerityGateway
public import CelerityRoutes
import CelerityTasks

/// The command line. A program of yours that has services of its own calls `main(services:)` and is the same CLI:
/// ```swift
/// @main struct Shop {
///   static func main() async { await CelerityCommand.main(services: [Orders()]) }
/// }
/// ```
public struct CelerityCommand: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "celerity",
    abstract: "Takes work over HTTP, keeps it durable, runs it on workers and shows everything.",
    discussion: """
      celerity dev   # everything in one process, data in ./var
      celerity submit finance.compound_interest --kwargs '{"amount": 10000, "rate": 0.05}' --wait
      celerity task list   # the newest tasks
      """,
    version: celerityVersion,
    groupedSubcommands: [
      CommandGroup(
        name: "Run", subcommands: [DevCommand.self, ServeCommand.self, WorkerCommand.self, SchedulerCommand.self]),
      CommandGroup(name: "Tasks", subcommands: [SubmitCommand.self, TaskCommand.self]),
      CommandGroup(
        name: "Queues and workers",
        subcommands: [QueueCommand.self, DeadCommand.self, WorkersCommand.self, ScheduleCommand.self]),
      CommandGroup(
        name: "Look",
        subcommands: [
          EventsCommand.self, TopCommand.self, InspectCommand.self, KindsCommand.self, OpenAPICommand.self,
          DoctorCommand.self,
        ]),
      CommandGroup(
        name: "Administer",
        subcommands: [
          ConfigCommand.self, BackupCommand.self, RestoreCommand.self, CompletionCommand.self, ManualCommand.self,
          VersionCommand.self,
        ]),
    ])

  /// Made by the parser.
  public init() {}

  /// Parses the process's arguments and runs the verb with these services; ends the process with the verb's exit code.
  public static func main(services: [any ServiceDefinition]) async {
    _ = ProcessAge.start
    await InstalledServices.$current.withValue(services) {
      await run(arguments: Array(CommandLine.arguments.dropFirst()))
    }
  }

  private static func run(arguments: [String]) async {
    do {
      var command: any ParsableCommand
      switch try CommandLineParse.parse(arguments) {
      case .text(let text):
        ConsoleLine.write(text)
        return
      case .completion(let request):
        ConsoleLine.write(await CompletionAnswer.make(request).text)
        return
      case .verb(let verb): command = verb
      }
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      Failure.end(error)
    }
  }
}

/// The services of this program, for the verbs that run or describe them.
enum InstalledServices {
  @TaskLocal static var current: [any ServiceDefinition] = []
}

/// How a verb ends when it failed: what happened, what to try, and the exit code that says which kind it was.
enum Failure {
  static func end(_ error: any Error) -> Never {
    switch error {
    case let error as ClientError:
      for line in error.lines { ConsoleLine.error(line) }
      ConsoleLine.end(status: error.status.rawValue)
    case let error as SettingsError:
      for problem in error.problems { ConsoleLine.error("error: \(SafeText.line(problem.text))") }
      ConsoleLine.error("try:   \(error.hint)")
      ConsoleLine.end(status: 2)
    case let error as UsageError:
      report(error.message, error.hint, status: 2)
    case let error as EngineError:
      report(error.message, error.hint, status: error.code == .owned ? 75 : error.isRetryable ? 69 : 1)
    case let error as GatewayError:
      report(error.message, error.hint, status: error.code == .bindFailed ? 69 : 2)
    case let error as RegistrationError:
      report(error.description, nil, status: 1)
    default:
      CelerityCommand.exit(withError: error)
    }
  }

  private static func report(_ what: String, _ hint: String?, status: Int32) -> Never {
    ConsoleLine.error("error: \(what)")
    if let hint { ConsoleLine.error("try:   \(hint)") }
    ConsoleLine.end(status: status)
  }
}
