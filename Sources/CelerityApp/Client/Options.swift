import ArgumentParser
import CelerityCore
import Logging

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Options of every role: where tasks are kept, what is run, and settings as such.
struct RoleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Directory for everything that is written; else ./var.", valueName: "directory"),
    completion: .directory)
  var data: String?
  @Option(help: ArgumentHelp("Where tasks are kept: sqlite:PATH, redis://HOST/0, …", valueName: "url"))
  var engine: String?
  @Option(help: ArgumentHelp("Where results are kept: so far with the tasks.", valueName: "url"))
  var results: String?
  @Option(help: ArgumentHelp("Services to run, separated by commas.", valueName: "a,b"))
  var service: String?
  @Option(
    name: [.customShort("l"), .long],
    help: ArgumentHelp(
      "Least severe log lines that are written: trace, debug, info (the default), notice, warning, error or critical.",
      valueName: "level"))
  var loglevel: String?
  @Option(
    help: ArgumentHelp("Settings in YAML; else CELERITY_CONFIG.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?
  @Option(name: .customLong("set"), help: ArgumentHelp("Any setting; may be repeated.", valueName: "name=value"))
  var assignments: [String] = []

  /// Reads all sources, with the options that a verb has besides; throws everything that is wrong at once.
  func resolve(_ more: [(any AnySetting, String?)] = []) throws -> ResolvedSettings {
    let environment = SettingOptions.environment()
    let path = config ?? environment["CELERITY_CONFIG"]
    let file = try path.map { (path: $0, text: try SettingOptions.text(of: $0)) }
    var flags = flags(more)
    let assigned = try assigned()
    flags.merge(assigned) { $1 }
    return try SettingsReader(
      flags: flags, assigned: Set(assigned.keys), environment: environment, file: file
    ).read()
  }

  private func flags(_ more: [(any AnySetting, String?)]) -> [String: String] {
    let named: [(any AnySetting, String?)] = [
      (Settings.data, data), (Settings.engine, engine), (Settings.results, results), (Settings.services, service),
      (Settings.logLevel, loglevel),
    ]
    var flags: [String: String] = [:]
    for (setting, value) in named + more { if let value { flags[setting.name] = value } }
    return flags
  }

  /// What `--set` gives.
  private func assigned() throws -> [String: String] {
    var values: [String: String] = [:]
    for assignment in assignments {
      guard let equals = assignment.firstIndex(of: "=") else {
        throw UsageError("--set takes name=value, not '\(assignment)'", hint: "celerity config show")
      }
      let name = String(assignment[..<equals])
      values[try Settings.named(name).name] = String(assignment[assignment.index(after: equals)...])
    }
    return values
  }
}

/// Where a gateway listens.
struct ListenOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Address to listen on; else 127.0.0.1.", valueName: "address"))
  var host: String?
  @Option(help: ArgumentHelp("Port to listen on; else 8000; 0 takes a free one.", valueName: "port"))
  var port: String?

  var flags: [(any AnySetting, String?)] { [(Settings.host, host), (Settings.port, port)] }
}

/// What a worker takes, and how much at once.
struct WorkOptions: ParsableArguments {
  @Option(
    name: [.customShort("c"), .long], help: ArgumentHelp("Tasks that run at once; 0: as many as cores.", valueName: "n")
  )
  var concurrency: String?
  @Option(
    name: [.customShort("Q"), .long], help: ArgumentHelp("Queues to work on, separated by commas.", valueName: "a,b"))
  var queues: String?

  var flags: [(any AnySetting, String?)] { [(Settings.concurrency, concurrency), (Settings.queues, queues)] }
}

/// Options that are settings: what is given here wins over environment and file.
struct SettingOptions: ParsableArguments {
  @OptionGroup var listen: ListenOptions
  @OptionGroup var work: WorkOptions
  @OptionGroup var role: RoleOptions

  /// Reads all sources; throws everything that is wrong at once.
  func resolve() throws -> ResolvedSettings { try role.resolve(listen.flags + work.flags) }

  static func text(of path: String) throws -> String {
    guard let file = fopen(path, "r") else {
      throw UsageError(
        "can't read \(path): \(String(cString: strerror(errno)))",
        hint: "name a file that is there, with --config or CELERITY_CONFIG")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw UsageError("\(path) is not UTF-8") }
    return text
  }

  static func environment() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let pointer = entry.pointee {
      let text = String(cString: pointer)
      if let equals = text.firstIndex(of: "=") {
        variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      entry += 1
    }
    return variables
  }
}

extension ResolvedSettings {
  /// The logger these settings ask for.
  func makeLogger(_ label: String) -> Logger {
    let asked = self[Settings.logFormat]
    let isText = asked == "text" || asked == "auto" && ConsoleLine.isErrorTerminal
    let level = Logger.Level(rawValue: self[Settings.logLevel]) ?? .info
    let environment = self[Settings.environment]
    return Logger(label: label) { label in
      LineLogHandler(
        label: label, format: isText ? .text : .json, time: SystemTime(), logLevel: level,
        metadata: environment.isEmpty ? [:] : ["environment": .string(environment)])
    }
  }
}
